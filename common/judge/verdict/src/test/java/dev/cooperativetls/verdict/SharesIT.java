package dev.cooperativetls.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.cooperativetls.events.Page;
import dev.cooperativetls.recorder.CarrierBlock;
import dev.cooperativetls.recorder.CarrierRecording;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Measures the error of a share. The table in recorder's README has the figures that it prints. */
@Tag("by-hand")
class SharesIT {

    /** The README's five percentage points for a quiet machine. On a busy machine a share may be too low. */
    private static final double ERROR = 0.05;
    private static final double ERROR_ON_A_BUSY_MACHINE = 0.35;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void a_share_is_close_to_the_truth(int carriers, @TempDir Path folder) throws Exception {
        boolean quiet = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage() < 1;
        Path recording = folder.resolve("shares.jfr");
        Observation seen = Programs.observer(SharesProgram.class).arguments(Integer.toString(carriers))
                .onRecording(written -> assertThatCode(() -> Files.copy(written, recording)).doesNotThrowAnyException())
                .observe();
        Instant started = seen.details().started();

        var softly = new SoftAssertions();
        for (Page page : seen.pages()) {
            var how = SharesProgram.How.values()[page.page() / SharesProgram.PER_CENT.length];
            double elapsed = page.end() - page.start();
            double truth = page.connected() / elapsed;
            List<CarrierBlock> blocks = CarrierRecording.blocks(recording,
                    started.plusNanos((long) (page.start() * 1e9)), Duration.ofNanos((long) (elapsed * 1e9)), carriers);
            double share = carriers * blocks.stream().filter(block -> block.frame().startsWith(
                    BlockingProgram.class.getName())).mapToDouble(CarrierBlock::share).sum();
            System.out.printf(Locale.ROOT, "%d carriers, %-14s truth %5.1f %%, recorded %5.1f %%, off by %+5.1f%n",
                    carriers, how, 100 * truth, 100 * share, 100 * (share - truth));
            softly.assertThat(share).as("%s, %.0f %%, %d carriers: %s", how, 100 * truth, carriers, blocks)
                    .isBetween(truth - (quiet ? ERROR : ERROR_ON_A_BUSY_MACHINE), truth + (quiet ? ERROR : 2 * ERROR));
        }
        softly.assertAll();
        assertThat(seen.pages()).hasSize(SharesProgram.How.values().length * SharesProgram.PER_CENT.length);
    }
}
