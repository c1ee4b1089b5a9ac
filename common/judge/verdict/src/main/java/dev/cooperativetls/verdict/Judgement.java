package dev.cooperativetls.verdict;

import dev.cooperativetls.events.ProfileText;
import java.util.Locale;
import java.util.Optional;

/**
 * The verdict on an observation, and its reason. No rule compares a time with a fixed time, because every run takes
 * longer on a busy machine.
 *
 * @param verdict the verdict; empty if the evidence does not suffice or contradicts itself
 * @param reason the reason, in one line
 */
record Judgement(Optional<Verdict> verdict, String reason) {

    /** Carriers that were blocked for this share of a run explain why its waits came one after another. */
    private static final double MOST = 2 / 3.0;

    /** How many times longer a wait must last than a page needs to reach its own, so that waits must overlap. */
    private static final double LONGER = 1.25;

    /** If the waits fill this share of a run, a wait lasts longer than everything else in a page. */
    private static final double MOSTLY_WAITING = LONGER / (1 + LONGER);

    /** If the waits fill less than this share of a run, the run was spent on something else. */
    private static final double HARDLY_WAITING = 0.3;

    /** This share of a time counts as all of it. */
    private static final double ALL = 0.9;

    /** If carriers were free for at most this share of one wait, they were blocked during the waits. */
    private static final double OF_A_WAIT = 0.75;

    static Judgement of(Observation seen) {
        int pages = seen.pageCount();
        int carriers = seen.carriers();
        int atOnce = seen.atOnce();
        if (seen.timedOut()) {
            return is(Verdict.HUNG, "%s of %s pages not done within the timeout".formatted(seen.invalid(), pages));
        }
        if (seen.invalid() > 0) {
            return none("%s of %s pages invalid".formatted(seen.invalid(), pages));
        }
        if (atOnce == 0) {
            return none("no wait was seen" + (seen.blockedShare() < MOST ? ""
                    : ", although carriers were blocked for %s of the run"
                            .formatted(ProfileText.percent(seen.blockedShare()))));
        }
        if (pages <= carriers) {
            return none("there must be more pages than carriers, not %s on %s".formatted(pages, carriers));
        }
        double reported = seen.reportedWaitSeconds().orElse(Double.MAX_VALUE);
        if (seen.serverPeak().isEmpty() && reported < seen.delaySeconds().orElse(0) / 2) {
            return none("the pages waited for %s s although the delay is %s s: check the delay".formatted(
                    seconds(reported), seconds(seen.delaySeconds().getAsDouble())));
        }
        // First, because this is true at any speed of the machine: a blocked carrier never has two in-flight requests.
        if (atOnce <= carriers) {
            return couldHaveOverlapped(seen) || seen.blockedShare() >= MOST
                    ? is(Verdict.SLOW, atATime(atOnce, carriers)) : none(tooShort(seen));
        }
        String several = "%s of %s waits at once".formatted(atOnce, pages);
        boolean overlapped = atOnce > pages / 2.0 || seen.overlap() >= pages / 2.0;
        if (isSerialWhateverThePagesSay(seen)) {
            return is(Verdict.SLOW, "carriers blocked for %s of the run, in which each page waited"
                    .formatted(ProfileText.percent(seen.busyShare())));
        }
        if (overlapped && isContradicted(seen)) {
            return none(contradiction(several, seen));
        }
        if (overlapped && tookAllItsWaits(seen)) {
            return none("%s by the times of the pages, but the run took as long as all delays one after another"
                    .formatted(several));
        }
        if (overlapped) {
            return is(Verdict.FAST, several);
        }
        if (seen.blockedShare() >= MOST) {
            return is(Verdict.SLOW,
                    "carriers blocked for %s of the run".formatted(ProfileText.percent(seen.blockedShare())));
        }
        if (seen.typicalWaitSeconds() < LONGER * seen.reachSeconds()) {
            return none(("%s, too little to judge: a wait lasts %s s, and all pages need %s s to reach their waits;"
                    + " a delay of %s s would be enough").formatted(several, seconds(seen.typicalWaitSeconds()),
                            seconds(seen.reachSeconds()), seconds(3 * seen.reachSeconds())));
        }
        if (seen.serverPeak().isEmpty() && isContradicted(seen)) {
            return none(contradiction(several, seen));
        }
        return is(Verdict.PARTIAL, several);
    }

    /** Returns whether the next page could have begun to wait before a wait ended, if a carrier had been free. */
    private static boolean couldHaveOverlapped(Observation seen) {
        double waiting = seen.overlap() / lanes(seen);
        double reach = seen.reachSeconds() / seen.pageCount();
        return waiting >= MOSTLY_WAITING
                || waiting >= HARDLY_WAITING && seen.typicalWaitSeconds() >= LONGER * reach;
    }

    /** Returns how many pages waited at the same time, at most one per carrier. With a lock there are fewer. */
    private static int lanes(Observation seen) {
        return Math.min(seen.carriers(), seen.atOnce());
    }

    /**
     * Returns whether the carriers were blocked while the waits seem to have overlapped.
     *
     * <p>The count of a server proves that requests were in flight, so computations do not contradict it. A carrier
     * that waited does, if the run took at least two waits and the carriers were blocked for more time than there was
     * outside a wait. The condition is needed because the start of a program may block for a while.
     *
     * <p>The times of the pages are weaker evidence, because a client may mark a request as sent before it waits for
     * something else.
     */
    private static boolean isContradicted(Observation seen) {
        if (seen.serverPeak().isEmpty()) {
            return busyWhileWaiting(seen) >= MOST;
        }
        if (seen.delaySeconds().isEmpty() && seen.blockedShare() >= ALL) {
            return true; // the waits of the pages may be due to the blocked carriers
        }
        double wait = seen.typicalWaitSeconds();
        double elapsed = seen.elapsedSeconds();
        return elapsed >= 2 * wait && seen.blockedShare() * elapsed >= elapsed - OF_A_WAIT * wait;
    }

    /** Returns the share in which the carriers were blocked, without the time in which pages may process answers. */
    private static double busyWhileWaiting(Observation seen) {
        return seen.busyShare() - seen.afterTheWaitsSeconds() / seen.elapsedSeconds() / seen.carriers();
    }

    /**
     * Returns whether the carriers were blocked for most of a run that took as long as its waits one after another.
     * Then the waits did not overlap, even if they do by the times of the pages. A server's count would decide instead.
     */
    private static boolean isSerialWhateverThePagesSay(Observation seen) {
        // Time before the first wait is part of no wait. On a busy machine the start of a program may last for long.
        double sinceFirstWait = (seen.elapsedSeconds() - seen.firstWaitSeconds()) * seen.carriers();
        double waits = seen.pageCount() * seen.shortestWaitSeconds();
        return seen.serverPeak().isEmpty() && busyWhileWaiting(seen) >= MOST && sinceFirstWait >= ALL * waits
                && waits >= seen.elapsedSeconds() * seen.carriers() / 2;
    }

    /** Returns whether the run took as long as all delays one after another. If a server counted, its count decides. */
    private static boolean tookAllItsWaits(Observation seen) {
        return seen.serverPeak().isEmpty() && seen.delaySeconds().isPresent() && seen.pageCount() > 2
                && seen.elapsedSeconds() >= MOST * seen.pageCount() * seen.delaySeconds().getAsDouble();
    }

    private static String contradiction(String several, Observation seen) {
        return "%s, but carriers blocked for %s of the run".formatted(several,
                ProfileText.percent(seen.serverPeak().isEmpty() ? seen.busyShare() : seen.blockedShare()));
    }

    private static String tooShort(Observation seen) {
        double reach = Math.max(seen.reachSeconds() / seen.pageCount(),
                seen.elapsedSeconds() * lanes(seen) / seen.pageCount() - seen.typicalWaitSeconds());
        return ("%s, too little to judge: a wait lasts %s s, and a page needs %s s to reach its wait;"
                + " a delay of %s s would be enough").formatted(atATime(seen.atOnce(), seen.carriers()),
                        seconds(seen.typicalWaitSeconds()),
                        seconds(reach), seconds(3 * reach));
    }

    private static String atATime(int atOnce, int carriers) {
        return "%s at a time%s".formatted(atOnce == 1 ? "one wait" : atOnce + " waits",
                carriers == 1 ? "" : " on %s carriers".formatted(carriers));
    }

    private static Judgement is(Verdict verdict, String reason) {
        return new Judgement(Optional.of(verdict), reason);
    }

    private static Judgement none(String reason) {
        return new Judgement(Optional.empty(), reason);
    }

    private static String seconds(double seconds) {
        return String.format(Locale.ROOT, seconds < 1 ? "%.3f" : "%.1f", seconds);
    }
}
