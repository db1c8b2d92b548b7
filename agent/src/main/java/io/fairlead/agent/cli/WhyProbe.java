package io.fairlead.agent.cli;

import io.fairlead.agent.config.ConfigurationException;
import io.fairlead.agent.probe.Probe;
import io.fairlead.agent.probe.ProbeProtocol;
import io.fairlead.agent.probe.ProbeReport;
import io.fairlead.agent.probe.ProbeRequest;
import io.fairlead.agent.why.WhyReport;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * The packets that {@code fairlead why --probe} sends, by this process: the agent may not enter the
 * namespaces of pods.
 */
final class WhyProbe {

  private static final String PROBE = "--probe";
  private static final String SIZE = "--probe-size";
  private static final String NAMESPACE = "--netns";

  /** Bytes of the header of UDP, or of an echo request. */
  private static final int HEADER = 8;

  private static final int IPV4_HEADER = 20;
  private static final int IPV6_HEADER = 40;

  /**
   * What was found out.
   *
   * @param sentence what it means together with the way, without a full stop
   * @param packets in the order in which they were sent
   */
  record Findings(String sentence, boolean good, List<ProbeReport> packets) {
    Findings {
      packets = List.copyOf(packets);
    }
  }

  private WhyProbe() {}

  static void describe(CommandSpec spec) {
    spec.addOption(
        OptionSpec.builder(PROBE)
            .type(boolean.class)
            .description(
                "also send one real packet from SRC, and tell which rules it meets and what comes"
                    + " back; needs root on the node")
            .build());
    spec.addOption(
        OptionSpec.builder(NAMESPACE)
            .paramLabel("FILE")
            .type(String.class)
            .description(
                "with --probe: the pod's network namespace, where it is not found by itself")
            .build());
    spec.addOption(
        OptionSpec.builder(SIZE)
            .paramLabel("BYTES")
            .type(String.class)
            .description(
                "with --probe: a second packet of this size, headers included, that must not be"
                    + " fragmented; UDP or ICMP only")
            .build());
  }

  /** Where the pod's network namespace is; null to look for it. */
  static @Nullable Path namespace(ParseResult parsed) throws ConfigurationException {
    String word = parsed.matchedOptionValue(NAMESPACE, (String) null);
    try {
      return word == null ? null : Path.of(word);
    } catch (InvalidPathException e) {
      throw new ConfigurationException(
          List.of(
              NAMESPACE + " \"" + word + "\" is not a path. Name a file such as /proc/1/ns/net"));
    }
  }

  /**
   * The size of the second packet: 0 for none.
   *
   * @throws ConfigurationException if the flags are wrong
   */
  static int size(ParseResult parsed) throws ConfigurationException {
    String word = parsed.matchedOptionValue(SIZE, (String) null);
    if (word == null) {
      return 0;
    }
    if (!isWanted(parsed)) {
      throw new ConfigurationException(List.of(SIZE + " needs " + PROBE));
    }
    int size = word.matches("[0-9]{1,5}") ? Integer.parseInt(word) : 0;
    if (size <= IPV6_HEADER + HEADER || size > 65_535) {
      throw new ConfigurationException(
          List.of(
              SIZE
                  + " cannot be \""
                  + word
                  + "\". It is the bytes of a packet, from 49 to 65535, such as the MTU"));
    }
    return size;
  }

  static boolean isWanted(ParseResult parsed) {
    return parsed.hasMatchedOption(PROBE);
  }

  /**
   * Sends the packets.
   *
   * @param namespace of the pod, null to look for it
   * @param size of the second one, 0 for none
   * @throws IOException with a sentence if they cannot be sent
   */
  static Findings run(WhyReport way, @Nullable Path namespace, int size)
      throws IOException, InterruptedException {
    IpAddress source =
        switch (way.sender()) {
          case POD_HERE -> IpAddress.parse(way.sourceAddress());
          case NODE_HERE -> null;
          case ELSEWHERE ->
              throw new IOException(
                  way.source()
                      + " is not on this node, so nothing can be sent from there. Run this on the"
                      + " node of the sender");
        };
    IpAddress destination = IpAddress.parse(way.destinationAddress());
    ProbeProtocol protocol = protocol(way.protocol());
    int port = way.port() < 0 ? 0 : way.port();
    List<ProbeReport> packets = new ArrayList<>();
    Sender sender = new Sender(namespace, source);
    packets.add(sender.send(destination, protocol, port, 0));
    if (size > 0) {
      int header = destination.family() == AddressFamily.IPV4 ? IPV4_HEADER : IPV6_HEADER;
      packets.add(sender.send(destination, protocol, port, size - header - HEADER));
    }
    return findings(way, packets, size);
  }

  private static ProbeProtocol protocol(String word) throws IOException {
    for (ProbeProtocol protocol : ProbeProtocol.values()) {
      if (protocol.name().toLowerCase(Locale.ROOT).equals(word)) {
        return protocol;
      }
    }
    throw new IOException("A probe is a packet of tcp, udp or icmp, not of " + word);
  }

  /** Who sends: a pod, or this node if the source is null. */
  private record Sender(@Nullable Path namespace, @Nullable IpAddress source) {

    ProbeReport send(IpAddress destination, ProbeProtocol protocol, int port, int size)
        throws IOException, InterruptedException {
      try {
        Probe probe = namespace == null ? new Probe() : new Probe(namespace);
        return probe.run(new ProbeRequest(source, destination, protocol, port, size));
      } catch (IllegalArgumentException e) {
        throw new IOException("This cannot be sent: " + e.getMessage(), e);
      }
    }
  }

  /** What the answers mean. Pure. */
  static Findings findings(WhyReport way, List<ProbeReport> packets, int size) {
    ProbeReport first = packets.getFirst();
    ProbeReport last = packets.getLast();
    boolean open = way.verdict() == WhyReport.Verdict.REACHES;
    String answer = first.answer().text();
    if (packets.size() > 1 && arrived(first) && !arrived(last)) {
      return new Findings(
          "a small packet arrives, one of "
              + size
              + " bytes does not ("
              + last.answer().text()
              + "): some link on the way takes less than that, and nobody says so in time. Give"
              + " the way one MTU, or lower --mtu",
          false,
          packets);
    }
    String sentence =
        switch (first.answer().kind()) {
          case ANSWERED ->
              open
                  ? "the real packet was answered, too: " + answer
                  : "but the real packet was answered: " + answer;
          case REFUSED ->
              "the real packet arrived and was refused ("
                  + answer
                  + "): nobody listens at "
                  + endpoint(way, first)
                  + ". Check the Service's targetPort, and what the pod listens at";
          case UNREACHABLE, TOO_LONG -> "the real packet was not taken: " + answer;
          case SILENT ->
              open
                  ? "but the real packet was not answered ("
                      + answer
                      + "): it was lost behind this node, or the destination is silent"
                  : "and the real packet was not answered: " + answer;
        };
    return new Findings(sentence, arrived(last) && first.isAnswered(), packets);
  }

  private static boolean arrived(ProbeReport packet) {
    return switch (packet.answer().kind()) {
      case ANSWERED, REFUSED -> true;
      case UNREACHABLE, TOO_LONG, SILENT -> false;
    };
  }

  /** Who refused: the endpoint that was chosen, as conntrack has it, or the only one. */
  private static String endpoint(WhyReport way, ProbeReport packet) {
    String reply = packet.connection().reply();
    int arrow = reply.indexOf(" -> ");
    if (arrow >= 0) {
      return reply.substring(0, arrow);
    }
    return way.ways().size() == 1 ? way.ways().getFirst().to() : "the endpoint that was chosen";
  }
}
