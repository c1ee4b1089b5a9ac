package dev.cooperativetls.verdict;

import java.io.IOException;
import java.time.Duration;

/** Observes the {@link TalkingProgram}, and prints a line when its first page is in. Tests may end it then. */
final class ObservingProgram {

    private ObservingProgram() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Programs.observer(TalkingProgram.class).arguments(args[0])
                .within(Duration.ofDays(1))
                .onPage(_ -> System.out.println("observing"))
                .observe();
    }
}
