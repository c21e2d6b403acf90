package org.anylease.server.isc.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.anylease.server.config.DomainNames;
import org.anylease.server.isc.syntax.Expression;
import org.anylease.server.isc.syntax.OptionFormat.FieldType;
import org.anylease.server.isc.syntax.OptionName;
import org.anylease.server.isc.syntax.Piece;
import org.anylease.server.isc.syntax.Statement;
import org.anylease.server.isc.syntax.Statement.Modifier;
import org.anylease.server.isc.syntax.Value;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;

/** How dhcpd writes options: their codes, formats and spaces, those that a file defines included. */
public final class OptionEncoding {
    private final IscOptions options = new IscOptions();

    /** Knows what dhcpd knows without any file. */
    public OptionEncoding() {}

    /**
     * Learns a definition.
     *
     * @param definition what a file says
     */
    public void define(Statement.OptionDefinition definition) {
        options.define(definition.option(), definition.code(), definition.format());
    }

    /**
     * Learns an option space.
     *
     * @param space what a file says
     */
    public void define(Statement.OptionSpace space) {
        options.define(space.name(), new IscOptions.Space(space.codeWidth(), space.lengthWidth()));
    }

    /**
     * An option's code within its space.
     *
     * @param option its name
     * @return nothing when no such option is known
     */
    public Optional<Long> code(OptionName option) {
        return options.find(option).map(IscOptions.Known::code);
    }

    /**
     * Encodes a value as the option's definition says.
     *
     * @param option the option
     * @param data what a file gives it
     * @return nothing when the option is not known, or the value does not fit it
     */
    public Optional<Octets> encode(OptionName option, Value.Data data) {
        try {
            Optional<IscOptions.Known> known = options.find(option);
            if (known.isEmpty()) {
                return Optional.empty();
            }
            Octets octets = OptionData.encode(known.get().format(), data);
            boolean compressed = known.get().format().fields().getLast().type() == FieldType.COMPRESSED_DOMAIN_LIST;
            return Optional.of(compressed ? DomainNames.compressed(octets) : octets);
        } catch (MalformedData e) {
            return Optional.empty();
        }
    }

    /**
     * Reads an address; names are not looked up.
     *
     * @param piece what a file says
     * @return nothing when it is no address
     */
    public static Optional<Ipv4> address(Piece piece) {
        try {
            return Optional.of(OptionData.ipv4(piece));
        } catch (MalformedData e) {
            return Optional.empty();
        }
    }

    /**
     * Reads octets, as a text in quotes or between colons.
     *
     * @param piece what a file says
     * @return nothing when it is neither
     */
    public static Optional<Octets> octets(Piece piece) {
        try {
            return Optional.of(piece.quoted() ? Octets.of(OptionData.bytes(piece)) : OptionData.octets(piece));
        } catch (MalformedData e) {
            return Optional.empty();
        }
    }

    /**
     * Packs options of other spaces into the options of the message that carry them.
     *
     * @param spaced octets by space and code
     * @param vendorSpace the space that {@code vendor-option-space} names; empty for none
     * @param siteSpace the space that {@code site-option-space} names; empty for none
     * @return octets by code of the message's option
     */
    public SortedMap<Integer, Octets> carriers(
            SortedMap<String, SortedMap<Long, Octets>> spaced, String vendorSpace, String siteSpace) {
        Ledger.Entry nobody = new Ledger()
                .open(new Statement.OptionSpace(
                        new Statement.Origin(new org.anylease.server.isc.syntax.Place("", 1, 1), ""), "", 1, 1));
        Scope scope = new Scope(Scope.Kind.GLOBAL, null, "", null);
        spaced.forEach((space, values) -> {
            SortedMap<Long, List<Held<Scope.Use>>> held = new TreeMap<>();
            values.forEach((code, octets) -> held.put(
                    code,
                    new ArrayList<>(List.of(new Held<>(
                            new Scope.Use(Modifier.OPTION, new Expression.Constant(nobody.at(), octets)), nobody)))));
            scope.spaced.put(space, held);
        });
        if (!vendorSpace.isEmpty()) {
            scope.values.put("vendor-option-space", new Held<>(vendorSpace, nobody));
        }
        if (!siteSpace.isEmpty()) {
            scope.values.put("site-option-space", new Held<>(siteSpace, nobody));
        }
        SortedMap<Integer, Octets> carriers = new TreeMap<>();
        new Encapsulation(options, List.of(scope))
                .carriers()
                .forEach((code, value) -> Constants.data(value).ifPresent(octets -> carriers.put(code, octets)));
        return carriers;
    }
}
