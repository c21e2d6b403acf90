package org.anylease.server.isc.syntax;

/** Leaves the statement that cannot be understood; whoever reads the block goes on behind it. */
final class SyntaxFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient SyntaxProblem problem;

    SyntaxFailure(Place at, String what) {
        super(what, null, false, false);
        this.problem = new SyntaxProblem(at, what);
    }

    SyntaxProblem problem() {
        return problem;
    }
}
