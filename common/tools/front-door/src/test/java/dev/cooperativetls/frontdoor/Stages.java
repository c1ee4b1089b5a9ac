package dev.cooperativetls.frontdoor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** The stages of this repository. */
final class Stages {

    static final List<Stage> ALL;

    static {
        try {
            ALL = Stage.all(RunStagesScript.ROOT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Stages() {}
}
