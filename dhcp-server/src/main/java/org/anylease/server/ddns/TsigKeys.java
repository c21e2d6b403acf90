package org.anylease.server.ddns;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xbill.DNS.Name;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.utils.base64;

/** The keys that updates are signed with (RFC 8945), from files as BIND's {@code tsig-keygen} writes them. */
final class TsigKeys {
    private static final Pattern KEY = Pattern.compile("(?s)\\bkey\\s+\"?([^\"\\s{]+)\"?\\s*\\{(.*?)\\}");
    private static final Pattern ALGORITHM = Pattern.compile("\\balgorithm\\s+\"?([\\w-]+)\"?\\s*;");
    private static final Pattern SECRET = Pattern.compile("\\bsecret\\s+\"?([^\";\\s]+)\"?\\s*;");

    private final ConcurrentHashMap<String, Read> read = new ConcurrentHashMap<>();

    private record Read(FileTime modified, TSIG key) {}

    /**
     * The key in a file; read again when the file has changed.
     *
     * @param file its path
     * @return the first key in it
     * @throws IOException when it cannot be read or holds no key; the message names the file and what is expected
     */
    TSIG of(String file) throws IOException {
        Path path = Path.of(file);
        FileTime modified;
        try {
            modified = Files.getLastModifiedTime(path);
        } catch (IOException e) {
            throw new IOException("the key file " + file + " cannot be read on this server: " + e, e);
        }
        Read before = read.get(file);
        if (before != null && before.modified.equals(modified)) {
            return before.key;
        }
        TSIG key = parse(Files.readString(path), file);
        read.put(file, new Read(modified, key));
        return key;
    }

    /** Reads the first {@code key "name" { algorithm …; secret "…"; };}. */
    static TSIG parse(String text, String file) throws IOException {
        Matcher key = KEY.matcher(text);
        if (!key.find()) {
            throw unusable(file, "it holds no key");
        }
        Matcher algorithm = ALGORITHM.matcher(key.group(2));
        Matcher secret = SECRET.matcher(key.group(2));
        if (!algorithm.find() || !secret.find()) {
            throw unusable(file, "key " + key.group(1) + " lacks its algorithm or its secret");
        }
        byte[] octets = base64.fromString(secret.group(1));
        if (octets == null || octets.length == 0) {
            throw unusable(file, "the secret of key " + key.group(1) + " is no Base64");
        }
        try {
            return new TSIG(TSIG.algorithmToName(algorithm.group(1)), Name.fromString(key.group(1), Name.root), octets);
        } catch (IllegalArgumentException | TextParseException e) {
            throw new IOException(
                    "the key file " + file + " is of no use: key " + key.group(1) + ", algorithm " + algorithm.group(1)
                            + ": " + e.getMessage() + " (expected one such as tsig-keygen -a hmac-sha256 writes)",
                    e);
        }
    }

    private static IOException unusable(String file, String why) {
        return new IOException("the key file " + file + " is of no use: " + why
                + " (expected one such as tsig-keygen -a hmac-sha256 writes)");
    }
}
