package dev.cooperativetls.frontdoor.judge;

import dev.cooperativetls.events.BadUsage;
import dev.cooperativetls.frontdoor.FrontDoor;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the judge, for programs that are not part of this repository. */
@Command(name = "judge", mixinStandardHelpOptions = true, versionProvider = Judge.Version.class, sortOptions = false,
        usageHelpAutoWidth = true,
        subcommands = {JudgeStack.class, JudgeRecording.class, JudgeProcess.class, JudgeRun.class},
        description = "Finds what blocked the carrier threads of virtual threads.")
public final class Judge implements Runnable {

    @Spec
    private CommandSpec spec;

    private Judge() {}

    public static void main(String... args) {
        System.exit(run(args));
    }

    /** Runs the command and returns its exit code. */
    static int run(String... args) {
        int exitCode = new CommandLine(new Judge())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((bad, _) -> complain("%s (see %s --help)".formatted(
                        BadUsage.message(bad), bad.getCommandLine().getCommandSpec().qualifiedName()), 2))
                .setExecutionExceptionHandler((failure, _, _) -> {
                    if (failure instanceof IOException) {
                        return complain(failure.getMessage(), FrontDoor.NO_VERDICT);
                    }
                    throw failure;
                })
                .execute(args);
        return System.out.checkError()
                ? complain("standard output could not be written", FrontDoor.NO_VERDICT) : exitCode;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(),
                "the command is missing: give stack, recording, process or run");
    }

    /** Prints a problem on standard error and returns the exit code. */
    static int complain(String problem, int exitCode) {
        System.err.println("judge: " + problem);
        return exitCode;
    }

    /** The version that the jar's manifest gives. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {"judge " + Judge.class.getPackage().getImplementationVersion()};
        }
    }
}
