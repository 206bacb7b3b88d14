package io.overair.examples.cli;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ota completion}: lets a shell complete verbs and options. */
@Command(
        name = "completion",
        description = {
            "Prints what lets a shell complete verbs and options.",
            "For this session: source <(ota completion bash), or with zsh in the place of bash."
        },
        exitCodeList = {
            ExitStatus.DONE,
            ExitStatus.BUG,
            ExitStatus.USAGE,
            ExitStatus.NOT_WRITABLE,
            ExitStatus.READER_GONE
        })
@SuppressWarnings("NullAway.Init") // picocli fills in the fields.
final class CompletionCommand implements Callable<Integer> {
    @ParentCommand
    private OtaCommand ota;

    @Spec
    private CommandSpec verb;

    @Parameters(paramLabel = "bash|zsh", description = "Which shell.")
    private Shell shell;

    /** In the spelling of the command line. */
    enum Shell {
        bash,
        zsh
    }

    @Override
    public Integer call() {
        // The script is written for bash and switches zsh to bash's way of completing when it finds itself in one.
        String script = AutoComplete.bash("ota", verb.root().commandLine());
        ota.console().document(script.strip().getBytes(StandardCharsets.UTF_8));
        ota.console().json("completion", line -> line.put("shell", shell.name()).put("script", script));
        return 0;
    }
}
