package org.anylease.store.state;

import java.time.Instant;

/**
 * A cell was rebuilt from one survivor, when the majority of its servers was gone for good. What the lost ones
 * promised last is not known, so that for a while free addresses go only to clients that claim them.
 *
 * @param since when, in cell time: an operator vouched then that the other servers are off
 * @param until past this cell time nothing that they promised can still run
 * @param author who vouched
 */
public record Recovery(Instant since, Instant until, String author) {}
