package dev.cooperativetls.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;

class BuildTest {

    /** A source archive has no repository, and so no commit. */
    @Test
    void the_build_knows_its_version_and_its_commit_if_there_is_one() {
        Build build = Build.of("run-stages");

        assertThat(build.name()).isEqualTo("run-stages");
        assertThat(build.version()).matches("\\d+\\.\\d+\\.\\d+.*");
        assertThat(Objects.requireNonNullElse(build.commit(), "")).matches("([0-9a-f]{40}(-changed)?)?");
    }
}
