package io.fairlead.cni.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.cni.attachment.HostPort;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The "portMappings" capability: a list of {@code {hostPort, containerPort, protocol, hostIP}}. An
 * entry with the host port 0 asks for none; one that says the same as another counts once.
 */
final class HostPortReader {

  private HostPortReader() {}

  static List<HostPort> read(JsonNode config) throws CniException {
    JsonNode mappings = config.path("runtimeConfig").path("portMappings");
    if (!mappings.isMissingNode() && !mappings.isNull() && !mappings.isArray()) {
      throw new CniException(
          CniErrorCode.INVALID_CONFIG, "\"portMappings\" is " + mappings + ", which is not a list");
    }
    List<HostPort> ports = new ArrayList<>();
    for (JsonNode entry : mappings) {
      HostPort port = port(entry);
      if (port != null && !ports.contains(port)) {
        for (HostPort other : ports) {
          if (overlap(port, other)) {
            throw bad(entry, "another entry has that host port already", null);
          }
        }
        ports.add(port);
      }
    }
    return ports;
  }

  private static @Nullable HostPort port(JsonNode entry) throws CniException {
    JsonNode hostPort = entry.path("hostPort");
    if (!entry.isObject() || !(hostPort.isMissingNode() || hostPort.canConvertToInt())) {
      throw bad(entry, "\"hostPort\" is not a number", null);
    }
    if (hostPort.asInt() == 0) {
      return null;
    }
    String protocol = entry.path("protocol").asText("").toUpperCase(Locale.ROOT);
    String address = entry.path("hostIP").asText("");
    try {
      return new HostPort(
          protocol.isEmpty() ? Protocol.TCP : Protocol.valueOf(protocol),
          address.isEmpty() ? null : IpAddress.parse(address),
          hostPort.asInt(),
          entry.path("containerPort").asInt());
    } catch (IllegalArgumentException e) {
      throw bad(
          entry,
          "it needs ports from 1 to 65535, one of the protocols tcp, udp and sctp, and an address"
              + " of the host or none",
          e);
    }
  }

  private static boolean overlap(HostPort a, HostPort b) {
    return a.protocol() == b.protocol()
        && a.hostPort() == b.hostPort()
        && overlap(a.hostAddress(), b.hostAddress());
  }

  private static boolean overlap(@Nullable IpAddress a, @Nullable IpAddress b) {
    if (a == null || b == null || a.equals(b)) {
      return true;
    }
    return a.family() == b.family() && (isUnspecified(a) || isUnspecified(b));
  }

  private static boolean isUnspecified(IpAddress address) {
    return address.equals(
        IpAddress.parse(address.family() == AddressFamily.IPV4 ? "0.0.0.0" : "::"));
  }

  private static CniException bad(JsonNode entry, String why, @Nullable Exception cause) {
    String sentence = "\"portMappings\" holds " + entry + ", which is invalid: " + why;
    return cause == null
        ? new CniException(CniErrorCode.INVALID_CONFIG, sentence)
        : new CniException(CniErrorCode.INVALID_CONFIG, sentence, cause);
  }
}
