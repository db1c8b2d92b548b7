package io.fairlead.cni.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.cni.wire.CniRequest;
import io.fairlead.cni.wire.CniResponse;
import io.fairlead.dataplane.testing.Decoding;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a runtime gives: JSON on stdin, and CNI_ARGS on a line of its own before it. */
class ConfigurationInputsTest {

  private static final List<String> COMMANDS =
      List.of("ADD", "DEL", "CHECK", "STATUS", "GC", "VERSION");

  @FuzzTest
  void request(byte[] input) {
    Decoding.of(input, CniException.class, () -> answerAll(input));
  }

  private static void answerAll(byte[] input) throws Exception {
    int end = 0;
    while (end < input.length && input[end] != '\n') {
      end++;
    }
    Map<String, String> environment = new HashMap<>();
    environment.put("CNI_CONTAINERID", "c1");
    environment.put("CNI_NETNS", "/run/netns/a");
    environment.put("CNI_IFNAME", "eth0");
    environment.put("CNI_ARGS", new String(input, 0, end, StandardCharsets.UTF_8));
    byte[] stdin = Arrays.copyOfRange(input, Math.min(end + 1, input.length), input.length);
    for (String command : COMMANDS) {
      environment.put("CNI_COMMAND", command);
      RecordingVerbs verbs =
          new RecordingVerbs(new CniResult(List.of(), List.of(), List.of(), CniResult.Dns.NONE));
      CniResponse response = CniProtocol.answer(new CniRequest(environment, stdin), verbs);
      JsonNode answer = NetworkConfig.JSON.readTree(response.stdout());
      if (response.exitCode() != 0) {
        assertThat(answer.path("code").asInt()).isPositive();
        assertThat(answer.path("msg").asText()).isNotBlank();
      }
      // Whatever a runtime calls its pod, a lease stays one line.
      assertThat(verbs.calls).allSatisfy(call -> assertThat(call).doesNotContain("\n", "\r"));
    }
    NetworkConfig config = NetworkConfig.parse(stdin);
    assertThat(config.options(CniArguments.parse(environment.getOrDefault("CNI_ARGS", ""))))
        .isNotNull();
  }
}
