package org.anylease.server.isc.leases;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import org.anylease.server.isc.syntax.Piece;
import org.anylease.server.isc.syntax.Place;
import org.anylease.store.lease.Binding;

/**
 * A date of a lease file in either {@code db-time-format} (dhcpd.leases(5), <i>dates</i>): {@code 4 2026/11/26
 * 10:00:00}, in UTC unless an offset in seconds follows; {@code epoch 1795687200}; or {@code never}.
 */
final class LeaseDate {
    /** What {@code never} says, and whatever is later than a binding can name. */
    static final Instant NEVER = Binding.TIME_MAX;

    private static final long OFFSET_MAX = 86_400;

    private LeaseDate() {}

    static Instant parse(Place at, List<Piece> pieces) throws MalformedEntry {
        String first = pieces.isEmpty() ? "" : pieces.getFirst().text();
        try {
            return switch (first) {
                case "never" -> pieces.size() == 1 ? NEVER : malformed(at, pieces);
                case "epoch" ->
                    pieces.size() == 2 ? bounded(Long.parseLong(pieces.get(1).text())) : malformed(at, pieces);
                default -> pieces.size() == 3 || pieces.size() == 4 ? written(pieces) : malformed(at, pieces);
            };
        } catch (DateTimeException | NumberFormatException e) {
            return malformed(at, pieces);
        }
    }

    private static Instant bounded(long epochSecond) {
        return epochSecond >= NEVER.getEpochSecond() ? NEVER : Instant.ofEpochSecond(Math.max(0, epochSecond));
    }

    private static Instant written(List<Piece> pieces) {
        String[] date = pieces.get(1).text().split("/", -1);
        String[] time = pieces.get(2).text().split(":", -1);
        if (!pieces.getFirst().text().matches("[0-6]") || date.length != 3 || time.length != 3) {
            throw new DateTimeException("not a date");
        }
        int year = Integer.parseInt(date[0]);
        LocalDate day = LocalDate.of(year < 100 ? 1900 + year : year, Integer.parseInt(date[1]), number(date[2]));
        // dhcpd writes a leap second as 60.
        int second = number(time[2]);
        LocalTime clock = LocalTime.of(number(time[0]), number(time[1]), Math.min(second, 59));
        long offset = pieces.size() == 4 ? Long.parseLong(pieces.get(3).text()) : 0;
        if (second > 60 || Math.abs(offset) > OFFSET_MAX) {
            throw new DateTimeException("not a time");
        }
        return bounded(day.atTime(clock).toEpochSecond(ZoneOffset.UTC) + offset);
    }

    private static int number(String digits) {
        return Integer.parseInt(digits);
    }

    private static Instant malformed(Place at, List<Piece> pieces) throws MalformedEntry {
        String text = String.join(" ", pieces.stream().map(Piece::text).toList());
        throw new MalformedEntry(
                at, "'" + text + "' is no date (expected '4 2026/11/26 10:00:00', 'epoch 1795687200' or 'never')");
    }
}
