package org.anylease.raft.link;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import javax.net.ssl.SSLException;
import org.anylease.raft.membership.TlsFiles;

/** Mutual TLS on the link: both sides show a certificate of the cluster's authorities. */
final class LinkTls {
    private final SslContext client;
    private final SslContext server;

    private LinkTls(SslContext client, SslContext server) {
        this.client = client;
        this.server = server;
    }

    static LinkTls of(TlsFiles tls) throws IOException {
        try {
            return new LinkTls(
                    SslContextBuilder.forClient()
                            .keyManager(tls.certificate().toFile(), tls.key().toFile())
                            .trustManager(tls.authorities().toFile())
                            .build(),
                    SslContextBuilder.forServer(
                                    tls.certificate().toFile(), tls.key().toFile())
                            .trustManager(tls.authorities().toFile())
                            .clientAuth(ClientAuth.REQUIRE)
                            .build());
        } catch (SSLException | IllegalArgumentException e) {
            throw new IOException("the TLS files " + tls + " cannot be used: " + e.getMessage(), e);
        }
    }

    SslHandler dialing(ByteBufAllocator allocator, String host, int port) {
        return client.newHandler(allocator, host, port);
    }

    SslHandler listening(ByteBufAllocator allocator) {
        return server.newHandler(allocator);
    }
}
