package io.fairlead.bench.datapath;

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

  /** Two nodes with pods, whose TCP does not pace what it sends. */
  interface Nodes extends AutoCloseable {

    /** Pods of one node. */
    PodPair near();

    /** Pods of two nodes. */
    PodPair far();

    @Override
    void close();
  }

  /**
   * What one TCP connection carried.
   *
   * @param gigabitsPerSecond as its receiver counted it
   * @param processorMillis of client and server together, for each gigabyte: what the load of the
   *     machine spoils least
   */
  record Transfer(double gigabitsPerSecond, double processorMillis) {

    private static Transfer of(JsonNode end) throws IOException {
      JsonNode received = end.path("sum_received");
      JsonNode busy = end.path("cpu_utilization_percent");
      double seconds = received.path("seconds").asDouble();
      double gigabytes = received.path("bytes").asDouble() / 1e9;
      if (seconds <= 0 || gigabytes <= 0) {
        throw new IOException("iperf3 does not say what its server received: " + end);
      }
      double percent = busy.path("host_total").asDouble() + busy.path("remote_total").asDouble();
      return new Transfer(8 * gigabytes / seconds, 10 * percent * seconds / gigabytes);
    }
  }

  /** Waits until packets get from one to the other and back. */
  void awaitReachable() throws IOException, InterruptedException {
    Await.until(
        address + " answers",
        Await.PATIENCE,
        () -> client.tryRun("ping", "-c", "1", "-W", "1", address).exit() == 0);
  }

  /** Sends in bulk for some time. */
  Transfer transfer(int seconds) throws IOException, InterruptedException {
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
      if (output.exit() != 0) {
        throw new IOException("iperf3 failed: " + (output.out() + output.error()).strip());
      }
      Transfer transfer = Transfer.of(JSON.readTree(output.out()).path("end"));
      listener.waitFor(10, TimeUnit.SECONDS);
      return transfer;
    } finally {
      listener.destroyForcibly();
    }
  }
}
