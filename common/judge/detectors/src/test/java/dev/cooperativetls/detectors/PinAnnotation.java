package dev.cooperativetls.detectors;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * An annotation {@code @ShouldNotPin}, of which a test runs on the JUnit Platform.
 *
 * @param owner the name of the library that has the annotation
 */
record PinAnnotation(String owner, Class<?> annotation, Class<?> test) implements Detector {

    @Override
    public String title() {
        return "%s `@%s` %s".formatted(owner, annotation.getSimpleName(), Detector.version(annotation));
    }

    @Override
    public String watch(WatchedProgram program) {
        var ended = new AtomicReference<TestExecutionResult>();
        LauncherFactory.create().execute(
                LauncherDiscoveryRequestBuilder.request().selectors(DiscoverySelectors.selectClass(test)).build(),
                new TestExecutionListener() {
                    @Override
                    public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
                        if (identifier.isTest()) {
                            ended.set(result);
                        }
                    }
                });
        TestExecutionResult result = ended.get();
        if (result.getStatus() == TestExecutionResult.Status.SUCCESSFUL) {
            return Detector.NO_REPORT;
        }
        Throwable why = result.getThrowable().orElseThrow();
        if (!(why instanceof AssertionError) || !why.getMessage().contains("expected to NOT pin")) {
            throw new IllegalStateException("the test failed for another reason", why);
        }
        return "fails: " + Culprit.in(why.getMessage().lines());
    }
}
