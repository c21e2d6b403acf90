package org.anylease.tools.cli;

/** The exit codes of {@code anylease}; the numbers are stable. */
enum ExitCode {
    OK(0, "done, or all is well"),
    NO(1, "the answer is no: not found, unhealthy, differs, or not valid"),
    USAGE(2, "the command line or a file named on it cannot be understood"),
    UNREACHABLE(3, "no server could be reached"),
    REFUSED(4, "the server refused: a conflict, an invalid file, or --yes is missing"),
    FAILED(5, "the server could not do it: no quorum, overloaded, or a defect");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    int number() {
        return number;
    }

    String meaning() {
        return meaning;
    }
}
