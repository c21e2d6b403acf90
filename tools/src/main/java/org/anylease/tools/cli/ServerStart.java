package org.anylease.tools.cli;

import java.nio.file.Path;
import org.anylease.server.boot.DhcpServer;

/** The one call that starts a server in this process. */
class ServerStart {
    /** Runs until it is told to stop. @return the exit code */
    ExitCode run(Path config) {
        return switch (DhcpServer.run(config, System.out)) {
            case ENDED -> ExitCode.OK;
            case CANNOT_START -> ExitCode.NO;
            case FAILED -> ExitCode.FAILED;
        };
    }
}
