package io.fairlead.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.bench.result.Cell;
import io.fairlead.bench.result.Results;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CompareCommandTest {

  private static final Map<String, String> PLACE = Map.of("kernel", "6.18", "processors", "2");

  @TempDir Path folder;
  private Path before;
  private Path after;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void files() {
    before = folder.resolve("old.json");
    after = folder.resolve("new.json");
  }

  private int run(String... more) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine line = new CommandLine(new CompareCommand());
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    String[] all = new String[more.length + 2];
    all[0] = before.toString();
    all[1] = after.toString();
    System.arraycopy(more, 0, all, 2, more.length);
    return line.execute(all);
  }

  private static Cell times(String contender, double from, int count) {
    return new Cell(
        "rule-update",
        Map.of("contender", contender, "services", "10000"),
        "ms",
        IntStream.range(0, count).mapToObj(i -> from + i / 100.0).toList());
  }

  private static Cell cell(String name, String what, String unit, double... samples) {
    return new Cell(name, Map.of("what", what), unit, DoubleStream.of(samples).boxed().toList());
  }

  @Test
  void aTableOfAllVerdicts() throws Exception {
    new Results(
            PLACE,
            List.of(
                times("nftables", 1, 20),
                times("ipvs", 1, 20),
                times("iptables", 40, 12),
                cell("netlink-messages", "sent", "messages", 4, 4, 5),
                cell("throughput", "one stream", "Gbit/s", 10),
                cell("memory", "heap", "MB", 38),
                cell("memory", "slab", "MB", 7)))
        .writeJson(before);
    new Results(
            Map.of("kernel", "6.19.1", "processors", "2"),
            List.of(
                times("nftables", 1.5, 40),
                times("ipvs", 1.01, 20),
                times("iptables", 20, 12),
                cell("netlink-messages", "sent", "messages", 5, 4, 5),
                cell("throughput", "one stream", "Gbit/s", 4),
                cell("memory", "heap", "MB", 41),
                cell("memory", "resident", "MB", 160)))
        .writeJson(after);
    assertThat(run()).isEqualTo(1);
    assertThat(out.toString())
        .isEqualTo(
            """
            The environments differ, and what follows may be due to that:
              kernel  6.18 -> 6.19.1

                                                     unit           n     old     new   change        p
            worse
              rule-update: nftables, 10000 services  ms        20, 40   1.095   1.695  +54.8 %  <0.0001
              netlink-messages: sent                 messages       3   4.333   4.667   +7.7 %           a count
              throughput: one stream                 Gbit/s         1      10       4  -60.0 %           too few samples for a test
            better
              rule-update: iptables, 10000 services  ms            12  40.055  20.055  -49.9 %  <0.0001
            the same
              rule-update: ipvs, 10000 services      ms            20   1.095   1.105   +0.9 %   0.5979  may be noise
            not comparable
              memory: heap                           MB             1      38      41   +7.9 %           too few samples for a test
              memory: resident                       MB             1             160                    new: the old result lacks it
              memory: slab                           MB             1       7                            gone: the new result lacks it

            3 worse, 1 better, 1 the same, 3 not comparable
            Times and rates: two-sided Mann-Whitney U test, Holm's correction, level 0.05, and a\
             shift of at least 10 %.
            """);
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void nothingWorse() throws Exception {
    new Results(PLACE, List.of(times("nftables", 1, 20))).writeJson(before);
    new Results(PLACE, List.of(times("nftables", 1.2, 20))).writeJson(after);
    assertThat(run("--at-least", "30%")).isZero();
    assertThat(out.toString()).contains("0 worse, 0 better, 1 the same, 0 not comparable");
    assertThat(run("--at-least", "5")).isEqualTo(1);
    assertThat(run("--at-least", "5", "--level", "0.000000001")).isZero();
  }

  @Test
  void theVerdictsAsJson() throws Exception {
    new Results(PLACE, List.of(times("nftables", 1, 20), cell("memory", "heap", "MB", 38)))
        .writeJson(before);
    new Results(PLACE, List.of(times("nftables", 1.5, 20))).writeJson(after);
    Path file = folder.resolve("verdicts.json");
    assertThat(run("--json", file.toString())).isEqualTo(1);
    JsonNode root = new ObjectMapper().readTree(Files.readString(file));
    assertThat(root.path("level").asDouble()).isEqualTo(0.05);
    JsonNode worse = root.path("cells").path(0);
    assertThat(worse.path("verdict").asText()).isEqualTo("worse");
    assertThat(worse.path("params").path("contender").asText()).isEqualTo("nftables");
    assertThat(worse.path("old").path("n").asInt()).isEqualTo(20);
    assertThat(worse.path("change").asDouble()).isBetween(0.4, 0.5);
    JsonNode gone = root.path("cells").path(1);
    assertThat(gone.path("verdict").asText()).isEqualTo("not comparable");
    assertThat(gone.has("new")).isFalse();
    assertThat(gone.has("p")).isFalse();
  }

  @Test
  void whatCannotBeRead() throws Exception {
    new Results(PLACE, List.of(times("nftables", 1, 20))).writeJson(before);
    Files.writeString(after, "{\"environment\": {}, \"cells\": [{}]}");
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString()).isEqualTo(after + ": cell 1 has no field name\n");
    assertThat(out.toString()).isEmpty();
    Files.delete(after);
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString()).isEqualTo(after + " does not exist\n");
    assertThat(run("--at-least", "much")).isEqualTo(2);
    assertThat(err.toString()).contains("it takes a percentage such as 10%, not \"much\"");
    Files.copy(before, after);
    assertThat(run("--level", "1.5")).isEqualTo(2);
    assertThat(err.toString()).contains("the level is a probability between 0 and 1, not 1.5");
  }
}
