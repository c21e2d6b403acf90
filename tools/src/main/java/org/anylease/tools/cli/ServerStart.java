package org.anylease.tools.cli;

import java.nio.file.Path;

/** The one call that starts a server in this process. */
class ServerStart {
    /** Runs until it is told to stop. @return the exit code */
    ExitCode run(Path config) {
        // boot.DhcpServer goes here.
        throw new CliFailure(
                ExitCode.FAILED, "this build has no server to run with " + config, "use a build that has one");
    }
}
