package org.anylease.raft.membership;

import java.nio.file.Path;

/**
 * The PEM files for mutual TLS between servers, on Raft's connections and on the link alike.
 *
 * @param key this server's private key, PKCS #8
 * @param certificate its certificate chain
 * @param authorities the certificates that peers' certificates must chain to
 */
public record TlsFiles(Path key, Path certificate, Path authorities) {}
