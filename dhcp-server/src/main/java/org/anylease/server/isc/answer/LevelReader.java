package org.anylease.server.isc.answer;

import java.util.List;
import java.util.Optional;
import org.anylease.server.isc.convert.OptionEncoding;
import org.anylease.server.isc.syntax.Piece;
import org.anylease.server.isc.syntax.Statement;
import org.anylease.server.isc.syntax.Statement.Declaration;
import org.anylease.server.isc.syntax.Value;
import org.anylease.store.address.AddressRange;
import org.anylease.store.address.Octets;
import org.anylease.store.address.Prefix;

/** Sorts statements into the declarations that they stand in. */
final class LevelReader {
    private static final String CLIENT_ID = "dhcp-client-identifier";

    private final OptionEncoding encoding;
    private final List<IscAnswer.Unevaluated> unevaluated;

    LevelReader(OptionEncoding encoding, List<IscAnswer.Unevaluated> unevaluated) {
        this.encoding = encoding;
        this.unevaluated = unevaluated;
    }

    void read(List<Statement> statements, Level level) {
        statements.forEach(statement -> read(statement, level));
    }

    private void read(Statement statement, Level level) {
        switch (statement) {
            case Statement.Include include -> read(include.body(), level);
            case Declaration declaration -> declaration(declaration, level);
            case Statement.Subnet subnet -> {
                Level child = new Level(
                        Level.Kind.SUBNET,
                        level,
                        subnet.network() + "/" + subnet.length(),
                        subnet.origin().at());
                child.prefix = new Prefix(subnet.network(), subnet.length());
                read(subnet.body(), child);
            }
            case Statement.Subclass subclass -> {
                Level child = new Level(
                        Level.Kind.SUBCLASS,
                        level,
                        subclass.ofClass(),
                        subclass.origin().at());
                child.member = subclass.data();
                read(subclass.body(), child);
            }
            case Statement.Range range ->
                level.ranges.add(new Level.Given(
                        new AddressRange(range.first(), range.last()),
                        range.origin().at()));
            case Statement.Permission permission
            when level.kind == Level.Kind.POOL -> level.permissions.add(permission);
            case Statement.Hardware hardware -> {
                byte[] octets = new byte[hardware.address().length() + 1];
                octets[0] = (byte) hardware.type();
                hardware.address().copyTo(octets, 1);
                level.hardware.add(Octets.of(octets));
            }
            case Statement.Matching matching -> level.matchings.add(matching);
            case Statement.OptionDefinition definition -> encoding.define(definition);
            case Statement.OptionSpace space -> encoding.define(space);
            case Statement.Setting setting when level.kind == Level.Kind.HOST && isOfHost(setting, level) -> {}
            case Statement.OptionSetting option when level.kind == Level.Kind.HOST && isIdentifier(option, level) -> {}
            case Statement.Broken broken ->
                unevaluated.add(new IscAnswer.Unevaluated(broken.origin(), "it is malformed"));
            // What is done with leases says nothing of replies.
            case Statement.OnEvent _, Statement.Define _ -> {}
            case Statement.Setting _,
                    Statement.OptionSetting _,
                    Statement.Permission _,
                    Statement.Conditional _,
                    Statement.Switch _,
                    Statement.Case _,
                    Statement.Action _ -> level.statements.add(statement);
        }
    }

    private void declaration(Declaration declaration, Level level) {
        Optional<Level.Kind> kind = switch (declaration.kind()) {
            case SHARED_NETWORK -> Optional.of(Level.Kind.SHARED);
            case GROUP -> Optional.of(Level.Kind.GROUP);
            case POOL -> Optional.of(Level.Kind.POOL);
            case HOST -> isDeleted(declaration) ? Optional.empty() : Optional.of(Level.Kind.HOST);
            case CLASS -> Optional.of(Level.Kind.CLASS);
            // Neither DHCPv4 nor a part of replies.
            case SUBNET6, POOL6, LEASE6, ZONE, KEY, FAILOVER_PEER, FAILOVER_STATE, LEASE -> Optional.empty();
        };
        kind.ifPresent(found -> read(
                declaration.body(),
                new Level(found, level, declaration.name(), declaration.origin().at())));
    }

    private static boolean isDeleted(Declaration declaration) {
        return declaration.body().stream()
                .anyMatch(inner -> inner instanceof Statement.Setting setting
                        && setting.name().equals("deleted"));
    }

    private boolean isOfHost(Statement.Setting setting, Level host) {
        List<Piece> pieces = setting.value() instanceof Value.Data data ? data.pieces() : List.of();
        return switch (setting.name()) {
            case "fixed-address" -> {
                for (Piece piece : pieces) {
                    OptionEncoding.address(piece)
                            .ifPresentOrElse(
                                    host.addresses::add,
                                    () -> unevaluated.add(new IscAnswer.Unevaluated(
                                            setting.origin(), "'" + piece.text() + "' is looked up in DNS")));
                }
                yield true;
            }
            case "uid" -> {
                pieces.forEach(piece -> OptionEncoding.octets(piece).ifPresent(host.identifiers::add));
                yield true;
            }
            case "host-identifier" -> {
                unevaluated.add(new IscAnswer.Unevaluated(
                        setting.origin(), "hosts are told by hardware and client identifier only"));
                yield true;
            }
            default -> setting.name().equals("dynamic") || setting.name().equals("static");
        };
    }

    private boolean isIdentifier(Statement.OptionSetting option, Level host) {
        boolean identifies = option.option().isDhcp() && option.option().name().equals(CLIENT_ID);
        if (identifies && option.value() instanceof Value.Data data) {
            encoding.encode(option.option(), data).ifPresent(host.identifiers::add);
        } else if (identifies && option.value() instanceof Value.Computed(var expression)) {
            Evaluation.constant(expression).ifPresent(host.identifiers::add);
        }
        return identifies;
    }
}
