package dev.cooperativetls.testkit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** The actions of a {@link Relay} on the bytes of each direction, by their offset. */
record Plan(List<Step> toServer, List<Step> toClient) {

    static final Plan NOTHING = new Plan(List.of(), List.of());

    /** The approximate number of bytes that each side sends in a handshake. */
    private static final int SHAKING = 1_000;

    enum Act {
        /** Sends the bytes before this offset separately. */
        SPLIT(false),
        /** Sends the bytes before this offset, then waits for this number of microseconds. */
        PAUSE(false),
        /** Flips the bit of this number in the byte at this offset. */
        FLIP(true),
        /** Ends both directions, each with an end of stream. */
        CUT(true),
        /** Resets the connections on both sides. */
        RESET(true),
        /** Ends this direction. */
        HALF_CLOSE(true),
        /** Sends no more bytes in this direction. */
        STALL(true);

        private final boolean harmful;

        Act(boolean harmful) {
            this.harmful = harmful;
        }
    }

    /** An action before the byte at this offset, if there is such a byte. */
    record Step(int at, Act act, int amount) {

        @Override
        public String toString() {
            return switch (act) {
                case PAUSE, FLIP -> "%s %s %s".formatted(at, act, amount);
                default -> "%s %s".formatted(at, act);
            };
        }
    }

    /** Returns a random plan. Every second plan is harmless: it only splits and delays. */
    static Plan random(RandomGenerator random, int bytesToServer, int bytesToClient) {
        List<Step> toServer = splits(random, SHAKING + bytesToServer);
        List<Step> toClient = splits(random, SHAKING + bytesToClient);
        if (random.nextBoolean()) {
            do {
                if (random.nextInt(3) == 0) {
                    toServer.add(fault(random, bytesToServer));
                } else {
                    toClient.add(fault(random, bytesToClient));
                }
            } while (random.nextInt(8) == 0);
        }
        return new Plan(sorted(toServer), sorted(toClient));
    }

    private static List<Step> splits(RandomGenerator random, int bytes) {
        List<Step> steps = new ArrayList<>();
        int count = random.nextInt(4) == 0 ? 0 : random.nextInt(30);
        int at = random.nextBoolean() ? 0 : random.nextInt(bytes);
        for (int i = 0; i < count; i++) {
            at += random.nextInt(1, 2 << random.nextInt(11));
            steps.add(random.nextInt(4) == 0
                    ? new Step(at, Act.PAUSE, random.nextInt(50, 3_000))
                    : new Step(at, Act.SPLIT, 0));
        }
        return steps;
    }

    private static Step fault(RandomGenerator random, int bytes) {
        int at = random.nextBoolean() ? random.nextInt(SHAKING) : SHAKING / 2 + random.nextInt(SHAKING / 2 + bytes);
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> new Step(at, Act.FLIP, random.nextInt(8));
            case 3, 4 -> new Step(at, Act.CUT, 0);
            case 5 -> new Step(at, Act.RESET, 0);
            case 6 -> new Step(at, Act.HALF_CLOSE, 0);
            default -> new Step(at, Act.STALL, 0);
        };
    }

    private static List<Step> sorted(List<Step> steps) {
        steps.sort(Comparator.comparingInt(Step::at));
        return List.copyOf(steps);
    }

    boolean harmful() {
        return toServer.stream().anyMatch(step -> step.act.harmful)
                || toClient.stream().anyMatch(step -> step.act.harmful);
    }

    @Override
    public String toString() {
        return "to the server: %s; to the client: %s".formatted(written(toServer), written(toClient));
    }

    private static String written(List<Step> steps) {
        return steps.isEmpty() ? "nothing" : steps.stream().map(Step::toString).collect(Collectors.joining(", "));
    }
}
