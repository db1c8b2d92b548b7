package io.fairlead.cni.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.cni.protocol.CniResult.Address;
import io.fairlead.cni.protocol.CniResult.Dns;
import io.fairlead.cni.protocol.CniResult.Interface;
import io.fairlead.cni.protocol.CniResult.Route;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a result of any protocol version, told apart by its shape: what it holds under "ip4",
 * "ip6", "ips". Unknown keys are skipped.
 */
final class ResultReader {

  private ResultReader() {}

  /**
   * @throws CniException DECODE_FAILURE with a sentence that quotes the bad value
   */
  static CniResult read(JsonNode json) throws CniException {
    if (!json.isObject()) {
      throw bad("prevResult is not an object", null);
    }
    List<Interface> interfaces = new ArrayList<>();
    for (JsonNode link : json.path("interfaces")) {
      interfaces.add(
          new Interface(
              link.path("name").asText(),
              link.path("mac").asText(),
              integer(link, "mtu"),
              link.path("sandbox").asText(),
              text(link, "socketPath"),
              text(link, "pciID")));
    }
    List<Address> addresses = new ArrayList<>();
    List<Route> routes = new ArrayList<>();
    for (JsonNode ip : json.path("ips")) {
      addresses.add(address(ip, "address"));
    }
    for (String key : List.of("ip4", "ip6")) {
      JsonNode ip = json.path(key);
      if (ip.isObject()) {
        addresses.add(address(ip, "ip"));
        readRoutes(ip.path("routes"), routes);
      }
    }
    readRoutes(json.path("routes"), routes);
    return new CniResult(interfaces, addresses, routes, dns(json.path("dns")));
  }

  static Dns dns(JsonNode json) {
    return new Dns(
        texts(json.path("nameservers")),
        json.path("domain").asText(),
        texts(json.path("search")),
        texts(json.path("options")));
  }

  private static Address address(JsonNode json, String key) throws CniException {
    String text = json.path(key).asText();
    int slash = text.indexOf('/');
    try {
      IpAddress address = IpAddress.parse(slash < 0 ? text : text.substring(0, slash));
      int length = slash < 0 ? address.family().bitLength() : Cidr.parse(text).prefixLength();
      return new Address(address, length, ip(json, "gateway"), integer(json, "interface"));
    } catch (IllegalArgumentException e) {
      throw bad("prevResult holds the address \"" + text + "\", which is invalid", e);
    }
  }

  private static void readRoutes(JsonNode array, List<Route> routes) throws CniException {
    for (JsonNode json : array) {
      try {
        routes.add(
            new Route(
                Cidr.parse(json.path("dst").asText()),
                ip(json, "gw"),
                integer(json, "mtu"),
                integer(json, "advmss"),
                number(json, "priority"),
                number(json, "table"),
                integer(json, "scope")));
      } catch (IllegalArgumentException e) {
        throw bad("prevResult holds the route " + json + ", which is invalid", e);
      }
    }
  }

  private static @Nullable IpAddress ip(JsonNode json, String key) {
    String text = json.path(key).asText();
    return text.isEmpty() ? null : IpAddress.parse(text);
  }

  private static @Nullable String text(JsonNode json, String key) {
    JsonNode value = json.path(key);
    return value.isTextual() ? value.asText() : null;
  }

  private static @Nullable Integer integer(JsonNode json, String key) {
    JsonNode value = json.path(key);
    return value.canConvertToInt() && value.isNumber() ? value.asInt() : null;
  }

  private static @Nullable Long number(JsonNode json, String key) {
    JsonNode value = json.path(key);
    return value.isNumber() ? value.asLong() : null;
  }

  static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(value -> texts.add(value.asText()));
    return texts;
  }

  private static CniException bad(String sentence, @Nullable Exception cause) {
    CniException exception = new CniException(CniErrorCode.DECODE_FAILURE, sentence);
    if (cause != null) {
      exception.initCause(cause);
    }
    return exception;
  }
}
