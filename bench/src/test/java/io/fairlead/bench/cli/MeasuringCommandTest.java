package io.fairlead.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Results;
import io.fairlead.bench.result.Samples;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class MeasuringCommandTest {

  @TempDir private Path folder;

  @Command(name = "late")
  private static final class FailsLate extends MeasuringCommand {

    private final int cells;

    FailsLate(int cells) {
      this.cells = cells;
    }

    @Override
    protected void measure(Samples samples, Map<String, String> environment, ProgressLines progress)
        throws IOException {
      for (int i = 0; i < cells; i++) {
        samples.add("cell-" + i, Map.of(), "ms", i);
      }
      throw new IOException("the last size did not come up");
    }
  }

  private int run(FailsLate command, Path json, StringWriter out) {
    CommandLine line = new CommandLine(command).setOut(new PrintWriter(out));
    line.setExecutionExceptionHandler((e, _, _) -> {
      out.append("failed: ").append(e.getMessage());
      return 1;
    });
    return line.execute("--json", json.toString());
  }

  @Test
  void whatWasMeasuredBeforeAFailureIsWritten() throws Exception {
    Path json = folder.resolve("late.json");
    StringWriter out = new StringWriter();
    assertThat(run(new FailsLate(2), json, out)).isEqualTo(1);
    assertThat(Results.read(json).cells()).hasSize(2);
    assertThat(out.toString()).contains("cell-0", "cell-1", "failed: the last size");
  }

  @Test
  void nothingIsWrittenOfNothing() {
    Path json = folder.resolve("late.json");
    assertThat(run(new FailsLate(0), json, new StringWriter())).isEqualTo(1);
    assertThat(json).doesNotExist();
  }
}
