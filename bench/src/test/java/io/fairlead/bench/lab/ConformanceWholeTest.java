package io.fairlead.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code fairlead cni-conformance}: our plugin passes, and plugins that are spoilt do not. */
class ConformanceWholeTest {

  private static final Duration LIMIT = Duration.ofMinutes(15);
  private static final Path REFERENCE = Path.of("/usr/lib/cni/bridge");

  @TempDir private Path folder;

  private static JsonNode report(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Whole.distribution().launcher().toString());
    command.add("cni-conformance");
    command.addAll(List.of(arguments));
    command.addAll(List.of("-o", "json"));
    ProgramOutput output = Programs.finish(new ProcessBuilder(command).start(), "", LIMIT);
    assertThat(output.exit()).as("%s%s", output.error(), output.out()).isBetween(0, 1);
    JsonNode report = new ObjectMapper().readTree(output.out());
    assertThat(output.exit()).isEqualTo(report.path("failed").asInt() == 0 ? 0 : 1);
    return report;
  }

  private static List<String> failed(JsonNode report) {
    List<String> ids = new ArrayList<>();
    for (JsonNode finding : report.path("findings")) {
      if (finding.path("verdict").asText().equals("FAIL")) {
        ids.add(finding.path("id").asText() + ": " + finding.path("seen").asText());
      }
    }
    return ids;
  }

  @Test
  @DisplayName("fairlead's own plugin meets every obligation (pod-network 1-18, 24)")
  void ours() throws Exception {
    JsonNode report = report(Whole.distribution().cniPlugin().toString());
    assertThat(failed(report)).isEmpty();
    assertThat(report.path("passed").asInt()).isGreaterThan(120);
    assertThat(report.path("skipped").asInt()).isEqualTo(1);
  }

  @ParameterizedTest
  @DisplayName("a plugin that is spoilt in one way fails the obligation that this breaks")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`[ $CNI_COMMAND = VERSION ] && { echo hello; exit 0; }; exec $REAL`|version.answer",
        "`[ $CNI_COMMAND = VERSION ] && { $REAL | sed 's/\"1.0.0\",\"s/\"9.0.0\",\"s/'; exit; }; exec $REAL`|version.echo",
        "`[ $CNI_COMMAND = DEL ] && echo done; exec $REAL`|del.removes",
        "`[ $CNI_COMMAND = DEL ] && [ -z \"$CNI_NETNS\" ] && exit 0; exec $REAL`|del.empty-netns",
        "`[ $CNI_COMMAND = DEL ] && ! [ -e \"$CNI_NETNS\" ] && exit 1; exec $REAL`|del.missing-netns",
        "`[ $CNI_COMMAND = CHECK ] && exit 0; exec $REAL`|check.finds-lost-address",
        "`[ $CNI_COMMAND = STATUS ] && { out=$($REAL) || case $out in *addresses*) exit 0;; esac; [ -z \"$out\" ]; exit; }; exec $REAL`|status.exhausted",
        "`[ $CNI_COMMAND = GC ] && exit 0; exec $REAL`|gc.empty-list",
        "`[ $CNI_COMMAND = GC ] && { sed 's/\\[{\"containerID[^]]*\\]/[]/g' | $REAL; exit; }; exec $REAL`|gc.keeps-valid",
        "`[ $CNI_COMMAND = ADD ] && { $REAL | sed 's/\"eth0\"/\"eth5\"/'; exit; }; exec $REAL`|add.result-interface",
        "`[ $CNI_COMMAND = ADD ] && { sed 's/\"prevResult\"/\"other\"/' | $REAL; exit; }; exec $REAL`|chain.keeps-dns",
        "`[ $CNI_COMMAND = ADD ] && { $REAL | sed 's/\"code\":[0-9]*/\"code\":\"many\"/'; exit 1; }; exec $REAL`|error.object",
        "`CNI_IFNAME=$(echo $CNI_IFNAME | tr -d ' ./:') exec $REAL`|variable.ifname-invalid",
      })
  void spoilt(String script, String id) throws Exception {
    Path plugin = folder.resolve("spoilt");
    Files.writeString(
        plugin, "#!/bin/sh\nREAL=" + Whole.distribution().cniPlugin() + "\n" + script + "\n");
    Files.setPosixFilePermissions(plugin, PosixFilePermissions.fromString("rwxr-xr-x"));
    JsonNode report = report(plugin.toString(), "--agent", "--only", id);
    assertThat(report.path("findings")).hasSize(1);
    assertThat(failed(report)).as("%s", report).hasSize(1);
  }

  @Test
  @DisplayName("the reference bridge passes what it is known to pass, and has its known gaps")
  void reference() throws Exception {
    Assumptions.assumeTrue(
        Files.isExecutable(REFERENCE),
        "there is no " + REFERENCE + "; the package containernetworking-plugins has it");
    JsonNode report =
        report(
            REFERENCE.toString(), "--only", "add.interface,add.twice,del.removes,chain.keeps-dns");
    assertThat(failed(report)).singleElement().asString().startsWith("chain.keeps-dns");
  }

  @Test
  @DisplayName("without a configuration for an unknown plugin it says what is missing, exit 2")
  void unknownPlugin() throws Exception {
    ProgramOutput output =
        Programs.finish(
            new ProcessBuilder(
                    Whole.distribution().launcher().toString(), "cni-conformance", "/bin/true")
                .start(),
            "",
            LIMIT);
    assertThat(output.exit()).isEqualTo(2);
    assertThat(output.error()).contains("--config FILE");
  }
}
