package dev.cooperativetls.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;

class BuildTest {

    /** A source archive has no repository and therefore no commit. */
    @Test
    void a_build_has_a_version_and_in_a_repository_a_commit() {
        Build build = Build.of("run-stages");

        assertThat(build.name()).isEqualTo("run-stages");
        assertThat(build.version()).matches("\\d+\\.\\d+\\.\\d+.*");
        assertThat(Objects.requireNonNullElse(build.commit(), "")).matches("([0-9a-f]{40}(-changed)?)?");
    }
}
