package org.anylease.server.config;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.anylease.server.config.YamlValue.Entry;
import org.anylease.server.config.YamlValue.Mapping;
import org.anylease.server.config.YamlValue.Position;
import org.anylease.server.config.YamlValue.Scalar;
import org.anylease.server.config.YamlValue.Sequence;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Builds {@link YamlValue}s from the parser's events.
 *
 * <p>The library's composer recurses once per level of nesting and can be driven into a stack overflow; events arrive
 * one by one, so depth and size are bounded before anything is built. An alias stands for the very value its anchor
 * named, and counts with that value's full size: a file that multiplies itself is refused, not expanded.
 */
final class YamlReader {
    static final int DEPTH_MAX = 32;
    static final int VALUES_MAX = 2_000_000;

    private static final int TEXT_SHARE = 32;

    /** Where the parser stands; a frame for each open list or map. */
    private static final class Frame {
        final boolean mapping;
        final Position at;
        final @Nullable String anchor;
        final long sizeBefore;
        final List<YamlValue> items = new ArrayList<>();
        final List<Entry> entries = new ArrayList<>();

        @Nullable
        Scalar key;

        int height = 1;

        Frame(boolean mapping, Position at, @Nullable String anchor, long sizeBefore) {
            this.mapping = mapping;
            this.at = at;
            this.anchor = anchor;
            this.sizeBefore = sizeBefore;
        }
    }

    private record Anchored(YamlValue value, long size, int height) {}

    /** Ends the reading; the problem is already reported. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1;
    }

    private final Problems problems;
    private final Deque<Frame> open = new ArrayDeque<>();
    private final Map<String, Anchored> anchors = new TreeMap<>();
    private @Nullable YamlValue root;
    private long size;
    private int documents;

    private YamlReader(Problems problems) {
        this.problems = problems;
    }

    static Optional<YamlValue> read(String text, Problems problems) {
        LoadSettings settings = LoadSettings.builder()
                .setUseMarks(true)
                .setCodePointLimit(ConfigSource.LENGTH_MAX)
                .build();
        YamlReader reader = new YamlReader(problems);
        try {
            for (Event event : new Parse(settings).parseString(text)) {
                reader.on(event);
            }
        } catch (Refused e) {
            return Optional.empty();
        } catch (MarkedYamlEngineException e) {
            Position at = e.getProblemMark()
                    .or(e::getContextMark)
                    .map(YamlReader::position)
                    .orElse(Position.START);
            String context = e.getContext() == null ? "" : e.getContext() + ": ";
            problems.error(at, "", "not YAML: " + context + e.getProblem(), "");
            return Optional.empty();
        } catch (YamlEngineException e) {
            problems.error(Position.START, "", "not YAML: " + e.getMessage(), "");
            return Optional.empty();
        }
        if (reader.root == null) {
            problems.error(Position.START, "", "the file is empty", "");
        }
        return Optional.ofNullable(reader.root);
    }

    private void on(Event event) throws Refused {
        switch (event) {
            case DocumentStartEvent start -> {
                if (++documents > 1) {
                    throw refuse(start, "a second document starts here", "one document in the file");
                }
            }
            case ScalarEvent scalar -> {
                refuseTag(scalar, scalar.getTag().orElse(null));
                Scalar value = new Scalar(scalar.getValue(), scalar.isPlain(), position(scalar));
                // A long text counts for more than one, since an alias repeats it for the price of a letter.
                add(
                        scalar,
                        value,
                        1 + value.text().length() / TEXT_SHARE,
                        0,
                        scalar.getAnchor().orElse(null));
            }
            case AliasEvent alias -> {
                Anchored target = anchors.get(alias.getAlias().getValue());
                if (target == null) {
                    throw refuse(alias, "'*" + alias.getAlias().getValue() + "' names no finished value above it", "");
                }
                add(alias, target.value, target.size, target.height, null);
            }
            case CollectionStartEvent start -> {
                refuseTag(start, start.getTag().orElse(null));
                if (open.size() >= DEPTH_MAX) {
                    throw refuse(start, "nested too deeply", "at most " + DEPTH_MAX + " levels");
                }
                String anchor = start.getAnchor().map(Anchor::getValue).orElse(null);
                open.push(new Frame(start instanceof MappingStartEvent, position(start), anchor, size));
            }
            case CollectionEndEvent end -> close(end);
            default -> {
                // Stream boundaries and comments carry no values.
            }
        }
    }

    private void close(Event event) throws Refused {
        Frame frame = open.pop();
        YamlValue value = frame.mapping ? new Mapping(frame.entries, frame.at) : new Sequence(frame.items, frame.at);
        long valueSize = size - frame.sizeBefore + 1;
        size = frame.sizeBefore;
        add(event, value, valueSize, frame.height, frame.anchor == null ? null : new Anchor(frame.anchor));
    }

    private void add(Event event, YamlValue value, long valueSize, int height, @Nullable Anchor anchor) throws Refused {
        size += valueSize;
        if (size > VALUES_MAX) {
            throw refuse(event, "the file holds too many values", "at most " + VALUES_MAX + ", aliases written out");
        }
        if (open.size() + height > DEPTH_MAX) {
            throw refuse(event, "nested too deeply", "at most " + DEPTH_MAX + " levels, aliases written out");
        }
        if (anchor != null) {
            anchors.put(anchor.getValue(), new Anchored(value, valueSize, height));
        }
        Frame parent = open.peek();
        if (parent == null) {
            root = value;
            return;
        }
        parent.height = Math.max(parent.height, height + 1);
        if (!parent.mapping) {
            parent.items.add(value);
        } else if (parent.key != null) {
            parent.entries.add(new Entry(parent.key, value));
            parent.key = null;
        } else if (value instanceof Scalar key) {
            parent.key = new Scalar(key.text(), key.plain(), position(event));
        } else {
            throw refuse(event, "a list or map cannot be a key", "a name");
        }
    }

    private void refuseTag(Event event, @Nullable String tag) throws Refused {
        if (tag != null) {
            throw refuse(event, "'" + tag + "' is a YAML tag, which this file has no use for", "no tag");
        }
    }

    private Refused refuse(Event event, String what, String valid) {
        problems.error(position(event), "", what, valid);
        return new Refused();
    }

    private static Position position(Event event) {
        return event.getStartMark().map(YamlReader::position).orElse(Position.START);
    }

    private static Position position(Mark mark) {
        return new Position(mark.getLine() + 1, mark.getColumn() + 1);
    }
}
