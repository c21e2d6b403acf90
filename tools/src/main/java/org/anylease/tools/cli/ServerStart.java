package org.anylease.tools.cli;

import java.nio.file.Path;
import org.anylease.server.boot.DhcpServer;
import org.anylease.server.boot.StartFailure;

/** The calls that start a server in this process. */
class ServerStart {
    /** Runs until it is told to stop. @return the exit code */
    ExitCode run(Path config) {
        return switch (DhcpServer.run(config, System.out)) {
            case ENDED -> ExitCode.OK;
            case CANNOT_START -> ExitCode.NO;
            case FAILED -> ExitCode.FAILED;
        };
    }

    /** Has a server run while something is done with it. @throws CliFailure when it does not start */
    void during(Path config, Runnable task) {
        try (DhcpServer server = DhcpServer.start(config)) {
            if (!server.awaitServing()) {
                throw new CliFailure(ExitCode.FAILED, "the server stopped before it served", "its log says why");
            }
            task.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliFailure(ExitCode.FAILED, "interrupted while the server started", "start it again");
        } catch (StartFailure e) {
            throw new CliFailure(ExitCode.NO, String.valueOf(e.getMessage()), "see above");
        }
    }
}
