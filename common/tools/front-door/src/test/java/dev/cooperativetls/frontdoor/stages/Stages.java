package dev.cooperativetls.frontdoor.stages;

import dev.cooperativetls.frontdoor.RunStagesScript;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** The stages of this repository. */
public final class Stages {

    public static final List<Stage> ALL;

    static {
        try {
            ALL = Stage.all(RunStagesScript.ROOT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Stages() {}
}
