package dev.cooperativetls.verdict;

import java.io.IOException;
import java.time.Duration;

/** A program that observes {@link TalkingProgram} and prints a line for each page. A test may then end it. */
final class ObservingProgram {

    private ObservingProgram() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Programs.observer(TalkingProgram.class).arguments(args[0])
                .within(Duration.ofDays(1))
                .onPage(_ -> System.out.println("observing"))
                .observe();
    }
}
