package org.anylease.chaos.nemesis;

import java.time.Duration;
import java.util.List;

/** What the words of a scenario's line mean. */
final class StepWords {
    private StepWords() {}

    /** A number with {@code ms} or {@code s}; it may be negative. */
    static Duration time(String word) {
        if (!word.matches("-?[0-9]{1,6}m?s")) {
            throw new IllegalArgumentException("'" + word + "' is no time such as 500ms or 3s");
        }
        long number = Long.parseLong(word.replaceAll("m?s", ""));
        return word.endsWith("ms") ? Duration.ofMillis(number) : Duration.ofSeconds(number);
    }

    static Act act(List<String> words) {
        String first = words.getFirst();
        return switch (words.size()) {
            case 1 -> alone(first);
            case 2 -> onSites(first, words.get(1));
            case 4 -> pair(words);
            default -> longer(words);
        };
    }

    private static Act alone(String word) {
        return switch (word) {
            case "double" -> new Act.Doubled();
            case "storm" -> new Act.Storm();
            case "heal" -> new Act.Heal();
            default -> throw unknown(word);
        };
    }

    private static Act onSites(String verb, String object) {
        if (object.equals("disk")) {
            return switch (verb) {
                case "fill" -> new Act.FillDisk();
                case "free" -> new Act.FreeDisk();
                default -> throw unknown(verb);
            };
        }
        Who who = new Who(object);
        return switch (verb) {
            case "kill" -> new Act.Kill(who);
            case "stop" -> new Act.Stop(who);
            case "start" -> new Act.Start(who);
            case "restart" -> new Act.Restart(who);
            case "pause" -> new Act.Pause(who);
            case "resume" -> new Act.Resume(who);
            case "wipe" -> new Act.Wipe(who);
            default -> throw unknown(verb);
        };
    }

    private static Act pair(List<String> words) {
        String second = words.get(1);
        String third = words.get(2);
        String last = words.get(3);
        return switch (words.getFirst() + " " + third) {
            case "cut from" -> new Act.Cut(new Who(second), new Who(last), false);
            case "cut to" -> new Act.Cut(new Who(second), new Who(last), true);
            case "route to" -> new Act.Route(new Who(second), new Who(last));
            case "join at" -> new Act.Join(Integer.parseInt(second), new Who(last));
            case "step by" -> new Act.StepClock(time(last));
            case "flip every" -> new Act.FlipRoutes(time(last));
            default -> throw unknown(String.join(" ", words));
        };
    }

    private static Act longer(List<String> words) {
        String text = String.join(" ", words);
        if (text.matches("flap \\S+ from \\S+ every \\S+")) {
            return new Act.Flap(new Who(words.get(1)), new Who(words.get(3)), time(words.get(5)));
        }
        if (text.matches("slow disk of \\S+ by \\S+")) {
            return new Act.SlowDisk(new Who(words.get(3)), time(words.get(5)));
        }
        throw unknown(text);
    }

    static Expectation expectation(List<String> words) {
        String text = String.join(" ", words);
        if (text.matches("silence at most \\S+")) {
            return new Expectation.SilenceAtMost(time(words.get(3)));
        }
        if (text.matches("heal within \\S+")) {
            return new Expectation.HealWithin(time(words.get(2)));
        }
        if (text.matches("(acks|new clients) at \\S+ from \\S+ to \\S+ at least \\d+")) {
            boolean fresh = words.getFirst().equals("new");
            List<String> rest = words.subList(fresh ? 2 : 1, words.size());
            return new Expectation.Acks(
                    fresh, new Who(rest.get(1)), time(rest.get(3)), time(rest.get(5)), Integer.parseInt(rest.get(8)));
        }
        throw unknown(text);
    }

    private static IllegalArgumentException unknown(String text) {
        return new IllegalArgumentException("nobody knows how to '" + text + "'");
    }
}
