package io.fairlead.bench.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.bench.suite.Measurement.Run;
import io.fairlead.bench.suite.Measurement.Where;
import io.fairlead.bench.suite.Outcome.End;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ChildTest {

  @TempDir private Path folder;

  private Step step(String name, int limitSeconds, String script) {
    return new Step(
        new Measurement(name, Where.HOST, Run.of(10, name), null),
        Run.of(10, name),
        List.of("sh", "-c", script),
        limitSeconds,
        folder);
  }

  @Test
  void whatIsWrittenAndSaidIsKept() throws Exception {
    List<String> lines = new ArrayList<>();
    Outcome outcome =
        new Child(
                step(
                    "good",
                    60,
                    "echo table; echo '   1.0 s  far' >&2; echo {} > " + folder + "/good.json"),
                lines::add)
            .run();
    assertThat(outcome.end()).isEqualTo(End.DONE);
    assertThat(lines).containsExactly("   1.0 s  far");
    assertThat(Files.readString(folder.resolve("good.log"))).contains("table", "far");
  }

  @Test
  void aFailureHasTheReasonThatTheChildGave() throws Exception {
    Outcome outcome =
        run("bad", "echo '  12.3 s  a line of progress' >&2; echo 'there is no nft' >&2; exit 3");
    assertThat(outcome.end()).isEqualTo(End.FAILED);
    assertThat(outcome.error()).isEqualTo("exit code 3: there is no nft");
    assertThat(run("bad", "kill -KILL $$").error()).startsWith("exit code 137");
    assertThat(run("bad", "exit 0").error()).isEqualTo("it wrote no bad.json");
  }

  @Test
  void anOldFileIsNoResult() throws Exception {
    Files.writeString(folder.resolve("bad.json"), "{}");
    assertThat(run("bad", "exit 0").end()).isEqualTo(End.FAILED);
  }

  @Test
  void whoTakesTooLongIsEndedWithAllThatItStarted() throws Exception {
    Outcome outcome =
        new Child(step("slow", 1, "sleep 600 & echo $! > " + folder + "/pid; wait"), _ -> {}).run();
    assertThat(outcome.end()).isEqualTo(End.FAILED);
    assertThat(outcome.error()).isEqualTo("it did not end within 1 s");
    long pid = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
    ProcessHandle.of(pid).ifPresent(left -> left.onExit().join());
  }

  @Test
  void whoIsInterruptedKeepsWhatThereIs() throws Exception {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    Thread runner = Thread.currentThread();
    List<Step> steps =
        List.of(
            step("first", 60, "echo {} > " + folder + "/first.json"),
            step("second", 60, "echo ready >&2; sleep 600"),
            step("third", 60, "echo {} > " + folder + "/third.json"));
    PrintStream out =
        new PrintStream(said, true, StandardCharsets.UTF_8) {
          @Override
          public void println(String line) {
            super.println(line);
            if (line.endsWith("ready")) {
              runner.interrupt();
            }
          }
        };
    List<Outcome> outcomes = new Suite(steps, out).run();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(outcomes)
        .extracting(Outcome::end)
        .containsExactly(End.DONE, End.INTERRUPTED, End.INTERRUPTED);
    assertThat(folder.resolve("third.json")).doesNotExist();
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains(
            "[1/3] first, about 30 s left", "[2/3] ready", "[2/3] second failed: it was ended");
  }

  @Test
  void timesAreRough() {
    assertThat(Suite.duration(4)).isEqualTo("about 10 s");
    assertThat(Suite.duration(61)).isEqualTo("about 70 s");
    assertThat(Suite.duration(290)).isEqualTo("about 5 min");
  }

  private Outcome run(String name, String script) throws Exception {
    return new Child(step(name, 60, script), _ -> {}).run();
  }
}
