package io.fairlead.cni;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.cni.wire.CniResponse;
import io.fairlead.cni.wire.ResponseFrame;
import io.fairlead.dataplane.testing.Seed;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The C program, watched by AddressSanitizer and UndefinedBehaviorSanitizer, over bad input. */
class BinaryInputsTest {

  /** The saved inputs of the Java side that parses the same bytes. */
  private static final Path CONFIGURATIONS =
      Path.of("src/test/resources/io/fairlead/cni/protocol/ConfigurationInputsTestInputs/request");

  private static final int RANDOM_INPUTS = 60;

  private static Path binary = Path.of("");

  @TempDir private Path folder;

  @BeforeAll
  static void build() throws Exception {
    var built = Binary.buildSanitized();
    Assumptions.assumeTrue(built.isPresent(), "gcc has neither libasan nor libubsan");
    binary = built.orElseThrow();
  }

  private Binary.Outcome run(String command, byte[] stdin) throws Exception {
    Map<String, String> environment = new HashMap<>();
    environment.put("CNI_COMMAND", command);
    environment.put("CNI_CONTAINERID", "c\u00e4\"\\\n");
    environment.put("FAIRLEAD_CNI_QUEUE", folder.resolve("queue").toString());
    environment.put("FAIRLEAD_CNI_SOCKET", folder.resolve("cni.sock").toString());
    environment.put("FAIRLEAD_CNI_TIMEOUT_MS", "1000");
    environment.put("ASAN_OPTIONS", "detect_leaks=0:exitcode=" + Binary.UNSOUND);
    environment.put("UBSAN_OPTIONS", "print_stacktrace=1:exitcode=" + Binary.UNSOUND);
    Binary.Outcome outcome = Binary.run(binary, environment, stdin);
    assertThat(outcome.stderr()).doesNotContain("Sanitizer", "runtime error");
    assertThat(outcome.exit()).isNotEqualTo(Binary.UNSOUND);
    return outcome;
  }

  private static List<byte[]> configurations() throws IOException {
    List<byte[]> inputs = new ArrayList<>();
    try (var files = Files.list(CONFIGURATIONS)) {
      for (Path file : files.sorted().toList()) {
        byte[] input = Files.readAllBytes(file);
        int json = new String(input, StandardCharsets.ISO_8859_1).indexOf('\n') + 1;
        inputs.add(Arrays.copyOfRange(input, json, input.length));
      }
    }
    RandomGenerator random = Seed.generator("BinaryInputsTest");
    String alphabet = "{}[]:,\"\\/ \nau0\u0000\u00ff";
    List<String> beginnings =
        List.of("", "{\"cniVersion\":\"", "{\"socket\":\"\\", "{\"cniVersion\"", "{\"queue\":[\"");
    for (int i = 0; i < RANDOM_INPUTS; i++) {
      StringBuilder text = new StringBuilder(beginnings.get(i % beginnings.size()));
      for (int length = random.nextInt(900); length > 0; length--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      inputs.add(text.toString().getBytes(StandardCharsets.ISO_8859_1));
    }
    return inputs;
  }

  @Test
  @DisplayName("no configuration makes it read or write outside of what is its own (faults 40)")
  void badConfigurations() throws Exception {
    for (byte[] input : configurations()) {
      run("STATUS", input);
    }
    run("VERSION", "{\"cniVersion\":\"1.1.0\"}".getBytes(StandardCharsets.UTF_8));
    run("DEL", new byte[1 << 20]);
    run("DEL", new byte[(1 << 20) + 1]);
    run("A".repeat(5000), new byte[0]);
  }

  @Test
  @DisplayName("nor does an answer (faults 40)")
  void badAnswers() throws Exception {
    byte[] whole = ResponseFrame.write(CniResponse.of(7, "{\"a\":1}"));
    List<byte[]> answers = new ArrayList<>();
    for (int length = 0; length < whole.length; length++) {
      answers.add(Arrays.copyOf(whole, length));
    }
    for (int at = 0; at < ResponseFrame.HEADER_LENGTH; at++) {
      byte[] damaged = whole.clone();
      damaged[at] = (byte) 0xff;
      answers.add(damaged);
    }
    answers.add(Arrays.copyOf(whole, whole.length + 100));
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(folder.resolve("cni.sock")));
      Thread agent = Thread.ofPlatform().daemon().start(() -> answer(server, answers));
      for (byte[] ignored : answers) {
        assertThat(ignored.length).isNotNegative();
        run("STATUS", "{}".getBytes(StandardCharsets.UTF_8));
      }
      agent.join();
    }
  }

  private static void answer(ServerSocketChannel server, List<byte[]> answers) {
    for (byte[] answer : answers) {
      try (SocketChannel channel = server.accept()) {
        ByteBuffer request = ByteBuffer.allocate(4096);
        assertThat(channel.read(request)).isPositive();
        channel.write(ByteBuffer.wrap(answer));
        channel.shutdownOutput();
      } catch (IOException e) {
        // The plugin had read enough.
      }
    }
  }
}
