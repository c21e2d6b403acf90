package org.anylease.chaos.nemesis;

import java.util.ArrayList;
import java.util.List;
import org.anylease.chaos.hosts.Hosts;

/**
 * The sites that a word of a scenario means. {@code leader} is the site whose server led when the scenario began, also
 * after it has lost that; {@code follower1} and {@code follower2} are the other two.
 *
 * @param word {@code leader}, {@code follower1}, {@code follower2}, {@code followers}, {@code site1} to {@code site3},
 *     {@code all}, or {@code others}: all but those that the same step names first
 */
record Who(String word) {
    Who {
        if (!word.matches("leader|follower[12s]|site[1-3]|all|others")) {
            throw new IllegalArgumentException("'" + word + "' is no site: leader, follower1, follower2, followers,"
                    + " site1, site2, site3, all, others");
        }
    }

    /** The sites, given who led. */
    List<Integer> sites(int leader) {
        List<Integer> sites = new ArrayList<>();
        for (int site = 1; site <= Hosts.SITES; site++) {
            if (is(site, leader)) {
                sites.add(site);
            }
        }
        return sites;
    }

    /** The only site meant. */
    int site(int leader) {
        List<Integer> sites = sites(leader);
        if (sites.size() != 1) {
            throw new IllegalArgumentException("one site is wanted here, and '" + word + "' is " + sites.size());
        }
        return sites.getFirst();
    }

    private boolean is(int site, int leader) {
        return switch (word) {
            case "all", "others" -> true;
            case "leader" -> site == leader;
            case "followers" -> site != leader;
            case "follower1" -> site == leader % Hosts.SITES + 1;
            case "follower2" -> site == (leader + 1) % Hosts.SITES + 1;
            default -> word.equals("site" + site);
        };
    }
}
