package io.fairlead.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who has which address, as the command line shows it: pods that vanish, leases of before. */
class AddressesWholeTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir private Path folder;
  private @Nullable Lab lab;

  @BeforeEach
  void create() throws Exception {
    lab = Lab.create(LabOptions.of(1), Whole.distribution());
  }

  @AfterEach
  void close() {
    if (lab != null) {
      lab.close();
    }
  }

  private Node node() {
    if (lab == null) {
      throw new AssertionError("the lab was not made");
    }
    return lab.node(1);
  }

  private String get(String... arguments) throws IOException, InterruptedException {
    String[] line = new String[arguments.length + 1];
    line[0] = "get";
    System.arraycopy(arguments, 0, line, 1, arguments.length);
    ProgramOutput output = node().commandLine(line);
    assertThat(output.exit()).as(output.error()).isZero();
    return output.out();
  }

  @Test
  @DisplayName(
      "a pod whose namespace dies without a DEL is gone from the node, its neighbour is not"
          + " (pod-network 4, 22)")
  void vanished() throws Exception {
    if (lab != null) {
      lab.startAgents();
    }
    Pod stays = node().addPod("stays");
    stays.serve(8080);
    Pod vanishes = node().addPod("vanishes");
    assertThat(get("pods"))
        .containsPattern(
            "default +vanishes +" + vanishes.address().getHostAddress() + " +eth0 .* attached")
        .containsPattern("default +stays ");
    vanishes.abandon();
    Await.until("its lease is free", LIMIT, () -> !get("pods").contains("vanishes"));
    assertThat(get("addresses", "-o", "wide"))
        .contains(
            "default/stays", "used again in this order: " + vanishes.address().getHostAddress())
        .doesNotContain("default/vanishes");
    assertThat(EchoClient.tcp(node().namespace(), stays.at(8080), LIMIT).server())
        .isEqualTo("stays");
    assertThat(node().addPod("next").address()).isNotEqualTo(vanishes.address());
  }

  @Test
  @DisplayName(
      "host-local's leases are held until their files go, restarts included (pod-network 28)")
  void imported() throws Exception {
    Path network = Files.createDirectories(folder.resolve("networks/cbr0"));
    String cidr = node().podCidrs().getFirst();
    String prefix = cidr.substring(0, cidr.lastIndexOf('.') + 1);
    Files.writeString(network.resolve(prefix + "2"), "of-before\r\neth0");
    Files.writeString(network.resolve(prefix + "3"), "of-before-too\r\neth0");
    node().configure("import-leases", network.toString());
    if (lab != null) {
      lab.startAgents();
    }
    assertThat(node().addPod("a").address().getHostAddress()).isEqualTo(prefix + "4");
    node().restartAgent();
    assertThat(get("addresses")).containsPattern(prefix + "2 +imported .* of-before");
    Files.delete(network.resolve(prefix + "2"));
    Await.until("the address is free", LIMIT, () -> !get("addresses").contains(prefix + "2 "));
    assertThat(get("addresses")).contains(prefix + "3 ");
  }
}
