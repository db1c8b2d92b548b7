package io.fairlead.bench.cni;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.bench.lab.Await;
import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.bench.lab.ProgramOutput;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * Two pods, of which one sends to the other.
 *
 * @param address of the server
 */
record PodPair(LabNamespace client, LabNamespace server, String address) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PORT = "5201";

  /** Two nodes with pods. */
  interface Nodes extends AutoCloseable {

    /** Pods of one node. */
    PodPair near();

    /** Pods of two nodes. */
    PodPair far();

    @Override
    void close();
  }

  /** What one TCP connection carries, as its receiver counts it. */
  double gigabitsPerSecond(int seconds) throws IOException, InterruptedException {
    Process listener =
        server.start(
            new ProcessBuilder("iperf3", "--server", "--one-off", "--port", PORT)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD));
    try {
      Await.until(
          "iperf3 listens",
          Await.PATIENCE,
          () -> server.run("ss", "-Htln", "sport", "=", ":" + PORT).contains(PORT));
      ProgramOutput output =
          client.tryRun(
              "iperf3",
              "--client",
              address,
              "--port",
              PORT,
              "--time",
              Integer.toString(seconds),
              "--json");
      JsonNode received =
          JSON.readTree(output.out()).path("end").path("sum_received").path("bits_per_second");
      if (output.exit() != 0 || !received.isNumber()) {
        throw new IOException("iperf3 failed: " + (output.out() + output.error()).strip());
      }
      listener.waitFor(10, TimeUnit.SECONDS);
      return received.asDouble() / 1e9;
    } finally {
      listener.destroyForcibly();
    }
  }
}
