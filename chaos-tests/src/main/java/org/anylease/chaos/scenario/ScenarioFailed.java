package org.anylease.chaos.scenario;

/** Something else happened than the story tells. */
public final class ScenarioFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * Tells where.
     *
     * @param message file, line, what happened, and the end of the trace
     * @param cause what the step met
     */
    public ScenarioFailed(String message, RuntimeException cause) {
        super(message, cause);
    }
}
