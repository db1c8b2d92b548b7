package io.fairlead.bench.kubeproxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.bench.lab.Distribution;
import io.fairlead.bench.lab.Whole;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * The stand-in takes kube-proxy's flags and reads its files, and serves Services as our agent does,
 * so that packets move; it lacks the mode iptables, as kube-proxy says it of a mode.
 */
class KubeProxyWholeTest {

  private static final String STAND_IN =
      """
      #!/bin/sh
      for flag in "$@"; do
        case $flag in
          --config=*) config=${flag#--config=} ;;
          --hostname-override=*) node=${flag#--hostname-override=} ;;
          --version) echo "Kubernetes v0.0.0-stand-in"; exit ;;
          *) echo "unknown flag: $flag"; exit 1 ;;
        esac
      done
      value() { sed -n "s/^ *$1: //p" "$config"; }
      case $(value mode) in
        nftables) ;;
        *) echo "no support for mode $(value mode)"; exit 1 ;;
      esac
      state=$(dirname "$config")/state
      exec FAIRLEAD agent --kubeconfig "$(value kubeconfig)" --node-name "$node" --overlay none \\
        --cluster-cidr "$(value clusterCIDR)" --detect-local cluster-cidr \\
        --state-dir "$state" --cni-socket "$state.cni" --admin-socket "$state.admin" \\
        --metrics-address "$(value healthzBindAddress)"
      """;

  @Test
  @Timeout(180)
  @DisplayName("two contenders take the same change; one that lacks a mode is told of")
  void standIn(@TempDir Path folder) throws Exception {
    Distribution distribution = Whole.distribution();
    Path program = folder.resolve("kube-proxy");
    Files.writeString(program, STAND_IN.replace("FAIRLEAD", distribution.launcher().toString()));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path json = folder.resolve("results.json");
    CommandLine line = new CommandLine(new KubeProxyCommand());
    line.setOut(new PrintWriter(Writer.nullWriter()));
    int exit =
        line.execute(
            "--kube-proxy",
            program.toString(),
            "--modes=nftables,iptables",
            "--min-sync-periods=default",
            "--services=9",
            "--changes=2",
            "--rounds=1",
            "--pause=0",
            "--json",
            json.toString());
    assertThat(exit).isZero();
    JsonNode results = new ObjectMapper().readTree(Files.readString(json));
    assertThat(results.at("/environment/kube-proxy").asText()).contains("stand-in");
    assertThat(results.at("/environment").path("left out: kube-proxy iptables").asText())
        .contains("exit status 1", "no support for mode iptables");
    for (String contender :
        List.of("fairlead nftables", "kube-proxy nftables", "fairlead iptables")) {
      assertThat(cells(results, contender))
          .containsExactlyInAnyOrder(
              "start-to-ready x1",
              "first-sync x1",
              "memory x1",
              "memory x1",
              "rule-update x2",
              "processor x1");
    }
    assertThat(cells(results, "kube-proxy iptables")).isEmpty();
  }

  private static List<String> cells(JsonNode results, String contender) {
    return StreamSupport.stream(results.path("cells").spliterator(), false)
        .filter(cell -> cell.at("/params/contender").asText().equals(contender))
        .map(cell -> cell.path("name").asText() + " x" + cell.path("n").asInt())
        .toList();
  }
}
