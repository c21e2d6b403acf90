package org.anylease.server.isc.convert;

import java.util.Optional;
import org.anylease.server.isc.syntax.OptionName;

/** Writes an option that an expression looks at as ours name it. */
final class FieldText {
    private static final int OPTION_MAX = 254;

    private final IscOptions options;

    FieldText(IscOptions options) {
        this.options = options;
    }

    String of(OptionName option) throws Unmappable {
        if (option.space().equals(IscOptions.AGENT)) {
            return relay(option);
        }
        Optional<IscOptions.Known> known = options.find(option);
        if (known.isEmpty()) {
            throw new Unmappable("there is no option '" + option + "'", "mend its name");
        }
        if (option.isDhcp()) {
            long code = known.get().code();
            if (code < 1 || code > OPTION_MAX) {
                throw new Unmappable("no packet has option " + code, ExpressionText.BY_HAND);
            }
            return code == 61 ? "client-id" : code == 12 ? "host-name" : "option[" + code + "]";
        }
        Optional<OptionName> carrier = options.carrierOf(option.space()).filter(OptionName::isDhcp);
        IscOptions.Space widths = options.space(option.space());
        if (carrier.isEmpty() || widths.codeWidth() != 1 || widths.lengthWidth() != 1) {
            throw new Unmappable(
                    "space '" + option.space() + "' is read out of no option of the packet",
                    "write a class with 'suboption(option[…], code)'");
        }
        return "suboption(" + of(carrier.get()) + ", " + known.get().code() + ")";
    }

    /** An option that the server would send. */
    String configured(OptionName option) throws Unmappable {
        Optional<IscOptions.Known> known = options.find(option);
        if (!option.isDhcp()
                || known.isEmpty()
                || known.get().code() < 1
                || known.get().code() > OPTION_MAX) {
            throw new Unmappable("it looked at what the server would send in '" + option + "'", ExpressionText.BY_HAND);
        }
        return "configured[" + known.get().code() + "]";
    }

    private String relay(OptionName option) throws Unmappable {
        return switch (option.name()) {
            case "circuit-id" -> "relay.circuit-id";
            case "remote-id" -> "relay.remote-id";
            case "docsis-device-class" -> "relay.docsis-device-class";
            case "link-selection" -> "relay.link-selection";
            case "relay-port" -> "relay[19]";
            default -> {
                Optional<IscOptions.Known> known = options.find(option);
                if (known.isEmpty()) {
                    throw new Unmappable("there is no option '" + option + "'", "write a class with 'relay[code]'");
                }
                yield "relay[" + known.get().code() + "]";
            }
        };
    }
}
