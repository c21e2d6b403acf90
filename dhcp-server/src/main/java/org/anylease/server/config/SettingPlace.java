package org.anylease.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.anylease.server.config.SystemConfig.Cell;
import org.anylease.server.config.SystemConfig.Network;
import org.anylease.server.config.SystemConfig.Pool;
import org.anylease.server.config.SystemConfig.Reservation;
import org.anylease.server.config.SystemConfig.Subnet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.config.ClientClass;
import org.anylease.store.config.ReplySettings;
import org.jspecify.annotations.Nullable;

/** Where the system file says what a client of an address is told: the innermost level that says it. */
public final class SettingPlace {
    /** What a level says, and its place as a path of keys. */
    private record Level(String path, ReplySettings replies, LeaseTimeSettings times) {}

    private final SystemConfig system;
    private final List<Level> levels;

    private SettingPlace(SystemConfig system, List<Level> levels) {
        this.system = system;
        this.levels = levels;
    }

    /**
     * The places that reach an address.
     *
     * @param system the file
     * @param address the address
     * @return those of its reservation, the classes, its pool, its subnet and what is around that
     */
    public static SettingPlace of(SystemConfig system, Ipv4 address) {
        List<Level> levels = new ArrayList<>();
        for (Cell cell : system.cells()) {
            for (Network network : cell.networks()) {
                for (Subnet subnet : network.subnets()) {
                    if (subnet.prefix().contains(address)) {
                        levels.addAll(within(system, network, subnet, address));
                        levels.add(level("networks." + network.name(), network.level()));
                        levels.add(level("cells." + cell.id().name(), cell.level()));
                    }
                }
            }
        }
        levels.add(level("", system.level()));
        return new SettingPlace(system, levels);
    }

    private static List<Level> within(SystemConfig system, Network network, Subnet subnet, Ipv4 address) {
        List<Level> levels = new ArrayList<>();
        String path = "networks." + network.name() + ".subnets." + subnet.prefix();
        for (Reservation reservation : subnet.reservations()) {
            if (reservation.address().equals(address)) {
                levels.add(level(path + ".reservations[" + address + "]", reservation.level()));
            }
        }
        for (ClientClass each : system.classes()) {
            levels.add(new Level("classes." + each.name(), each.settings(), LeaseTimeSettings.NONE));
            each.members()
                    .forEach(member -> levels.add(new Level(
                            "classes." + each.name() + ".members", member.settings(), LeaseTimeSettings.NONE)));
        }
        for (Pool pool : subnet.pools()) {
            if (pool.range().contains(address)) {
                levels.add(level(path + ".pools[" + pool.range() + "]", pool.level()));
            }
        }
        levels.add(level(path, subnet.level()));
        return levels;
    }

    private static Level level(String path, LevelSettings settings) {
        return new Level(path, settings.replies(), settings.times());
    }

    /**
     * Where an option's value is said.
     *
     * @param code the option
     * @param value its value
     * @return a path of keys; nothing when no level says it
     */
    public Optional<String> option(int code, Octets value) {
        return levels.stream()
                .filter(level -> level.replies.options().containsKey(code)
                        && value.equals(level.replies.options().getOrDefault(code, Octets.EMPTY)))
                .findFirst()
                .map(level -> joined(level.path, "options." + name(code)));
    }

    private String name(int code) {
        return system.options().stream()
                .filter(definition -> definition.code() == code)
                .findFirst()
                .or(() -> KnownOptions.byCode(code))
                .map(OptionDefinition::name)
                .orElse(Integer.toString(code));
    }

    /**
     * Where lease times are said.
     *
     * @return a path of keys; nothing when defaults hold
     */
    public Optional<String> leaseTimes() {
        return levels.stream()
                .filter(level -> level.times.lease() != null)
                .findFirst()
                .map(level -> joined(level.path, "lease"));
    }

    /**
     * Where a boot field is said.
     *
     * @param field {@code siaddr}, {@code sname} or {@code file}
     * @param value its value
     * @return a path of keys; nothing when no level says it
     */
    public Optional<String> boot(String field, String value) {
        for (Level level : levels) {
            String said = switch (field) {
                case "siaddr" -> text(level.replies.nextServer());
                case "sname" -> text(level.replies.serverName());
                case "file" -> text(level.replies.bootFile());
                default -> "";
            };
            if (said.equals(value)) {
                String key = field.equals("siaddr") ? "next-server" : field.equals("sname") ? "server-name" : "file";
                return Optional.of(joined(level.path, "boot." + key));
            }
        }
        return Optional.empty();
    }

    /**
     * Where a host name is said that goes out as option 12.
     *
     * @param address whose
     * @param name the name
     * @return a path of keys; nothing when no reservation says it
     */
    public Optional<String> hostname(Ipv4 address, String name) {
        for (Cell cell : system.cells()) {
            for (Network network : cell.networks()) {
                for (Subnet subnet : network.subnets()) {
                    for (Reservation reservation : subnet.reservations()) {
                        if (reservation.address().equals(address) && name.equals(reservation.hostname())) {
                            return Optional.of("networks." + network.name() + ".subnets." + subnet.prefix()
                                    + ".reservations[" + address + "].hostname");
                        }
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static String text(@Nullable Object said) {
        return said == null ? "" : said.toString();
    }

    private static String joined(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
