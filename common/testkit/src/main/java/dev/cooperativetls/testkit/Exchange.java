package dev.cooperativetls.testkit;

import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One connection of the fuzz test: its mode, the texts of both sides, and the faults in between. The same seed and form
 * give the same exchange.
 *
 * @param requests the client's text in each round; the server answers with the response of the same round
 * @param timeoutMillis the client's {@code SO_TIMEOUT}; without a harmful fault it is set after the handshake
 * @param stalledRound in this round the server answers only after a read of the client has timed out; -1 for none
 */
record Exchange(long seed, SocketMode mode, List<byte[]> requests, List<byte[]> responses, Ending ending,
        int timeoutMillis, int stalledRound, int readAtMost, int writeAtMost, boolean handshakeByItself,
        boolean smallSendBuffer, Plan plan) {

    enum Ending { SERVER_CLOSES, CLIENT_CLOSES, CLIENT_SHUTS_ITS_OUTPUT_DOWN }

    static Exchange random(long seed, WrapperForm form) {
        RandomGenerator random = new SplittableRandom(seed);
        SocketMode mode = form.mode(random);
        Ending ending = Ending.values()[random.nextInt(Ending.values().length)];
        // A client that closes before it has read anything would reset the connection, because unread bytes arrive.
        int rounds = random.nextInt(1, 4);
        boolean big = random.nextInt(40) == 0;
        List<byte[]> requests = texts(random, rounds, big ? 400_000 : 4_000);
        List<byte[]> responses = texts(random, rounds, random.nextInt(40) == 0 ? 400_000 : 4_000);
        if (ending == Ending.SERVER_CLOSES && random.nextInt(4) == 0) {
            requests = requests.stream().map(_ -> new byte[0]).toList(); // only the server sends
        }
        Plan plan = Plan.random(random, size(requests), size(responses));
        int[] timeouts = plan.harmful() ? new int[] {0, 20, 50, 150} : new int[] {0, 1, 5, 20};
        int timeoutMillis = timeouts[random.nextInt(timeouts.length)];
        boolean stalled = timeoutMillis > 0 && !plan.harmful() && random.nextInt(3) == 0;
        int[] atMost = {1, 7, 1_000, 1 << 14, 100_000};
        int smallest = size(requests) + size(responses) > 20_000 ? 2 : 0;
        return new Exchange(seed, mode, requests, responses, ending, timeoutMillis,
                stalled ? random.nextInt(rounds) : -1,
                atMost[random.nextInt(smallest, atMost.length)],
                atMost[random.nextInt(Math.max(smallest, 1), atMost.length)],
                random.nextBoolean(), big && random.nextBoolean(), plan);
    }

    private static List<byte[]> texts(RandomGenerator random, int count, int most) {
        return IntStream.range(0, count).mapToObj(_ -> {
            byte[] text = new byte[1 + (int) Math.pow(most, random.nextDouble())];
            random.nextBytes(text);
            return text;
        }).toList();
    }

    private static int size(List<byte[]> texts) {
        return texts.stream().mapToInt(text -> text.length).sum();
    }

    @Override
    public String toString() {
        return "seed %s: %s; %s; %s; SO_TIMEOUT %s; reads of %s, writes of %s%s%s%s; %s".formatted(seed, mode,
                IntStream.range(0, requests.size())
                        .mapToObj(i -> "%s asked, %s answered"
                                .formatted(requests.get(i).length, responses.get(i).length))
                        .collect(Collectors.joining(", ")),
                ending, timeoutMillis, readAtMost, writeAtMost,
                stalledRound < 0 ? "" : "; the server stalls in round " + stalledRound,
                handshakeByItself ? "" : "; no handshake by itself",
                smallSendBuffer ? "; small send buffer" : "", plan);
    }
}
