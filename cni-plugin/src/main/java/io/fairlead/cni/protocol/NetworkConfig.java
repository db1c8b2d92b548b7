package io.fairlead.cni.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fairlead.cni.attachment.AddressRequest;
import io.fairlead.cni.attachment.AttachmentOptions;
import io.fairlead.cni.protocol.CniResult.Dns;
import io.fairlead.dataplane.model.IpAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The network configuration that a runtime writes to a plugin's stdin. Only version and name are
 * read at once; what a verb does not need cannot fail it. Keys that fairlead does not know are
 * accepted.
 */
public final class NetworkConfig {

  static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  /** What the specification says of a configuration without "cniVersion". */
  private static final CniVersion WITHOUT_VERSION = CniVersion.V0_1_0;

  private final JsonNode json;
  private final CniVersion version;

  private NetworkConfig(JsonNode json, CniVersion version) {
    this.json = json;
    this.version = version;
  }

  /**
   * @throws CniException DECODE_FAILURE unless {@code stdin} holds one JSON object,
   *     INCOMPATIBLE_VERSION if its cniVersion is not supported
   */
  static NetworkConfig parse(byte[] stdin) throws CniException {
    JsonNode json;
    try {
      json = JSON.readTree(stdin);
    } catch (JsonProcessingException e) {
      throw new CniException(
          CniErrorCode.DECODE_FAILURE,
          "the network configuration on stdin is not JSON: "
              + e.getOriginalMessage().replaceAll(" \\(start marker at .*", ""),
          e);
    } catch (IOException e) {
      throw new CniException(
          CniErrorCode.DECODE_FAILURE, "the network configuration on stdin cannot be read", e);
    }
    if (!json.isObject()) {
      throw new CniException(
          CniErrorCode.DECODE_FAILURE, "the network configuration on stdin is not a JSON object");
    }
    JsonNode version = json.path("cniVersion");
    return new NetworkConfig(
        json,
        version.isMissingNode() || version.asText().isEmpty()
            ? WITHOUT_VERSION
            : CniVersion.parse(version.asText()));
  }

  public CniVersion version() {
    return version;
  }

  /**
   * The network's name.
   *
   * @throws CniException INVALID_CONFIG if it is missing or malformed
   */
  public String name() throws CniException {
    String name = json.path("name").asText();
    if (!CniEnvironment.isIdentifier(name)) {
      throw new CniException(
          CniErrorCode.INVALID_CONFIG,
          name.isEmpty()
              ? "the network configuration has no \"name\""
              : "the network's name \""
                  + name
                  + "\" is invalid; letters, digits, _ . - are allowed");
    }
    return name;
  }

  /** What the result says of DNS: the configuration's, but for what the "dns" capability says. */
  public Dns dns() {
    Dns configured = ResultReader.dns(json.path("dns"));
    JsonNode asked = json.path("runtimeConfig").path("dns");
    return new Dns(
        orElse(ResultReader.texts(asked.path("servers")), configured.nameservers()),
        configured.domain(),
        orElse(ResultReader.texts(asked.path("searches")), configured.search()),
        orElse(ResultReader.texts(asked.path("options")), configured.options()));
  }

  private static List<String> orElse(List<String> asked, List<String> configured) {
    return asked.isEmpty() ? configured : asked;
  }

  /**
   * The result of the plugins before this one, or null if this is the first.
   *
   * @throws CniException DECODE_FAILURE if it cannot be read
   */
  public @Nullable CniResult previousResult() throws CniException {
    JsonNode previous = json.path("prevResult");
    return previous.isMissingNode() || previous.isNull() ? null : ResultReader.read(previous);
  }

  /**
   * Which addresses the runtime asks for.
   *
   * @throws CniException INVALID_CONFIG for what is no address or range
   */
  public AddressRequest addressRequest(CniArguments arguments) throws CniException {
    return new AddressRequest(
        requestedAddresses(arguments),
        IpRangesReader.read(json.path("runtimeConfig").path("ipRanges")));
  }

  /**
   * The addresses that the runtime asks for, without duplicates: by the "ips" capability, by args,
   * and by IP in CNI_ARGS. A prefix length behind an address is ignored.
   *
   * @throws CniException INVALID_CONFIG for what is no address
   */
  private List<IpAddress> requestedAddresses(CniArguments arguments) throws CniException {
    List<String> texts = new ArrayList<>();
    json.path("runtimeConfig").path("ips").forEach(ip -> texts.add(ip.asText()));
    json.path("args").path("cni").path("ips").forEach(ip -> texts.add(ip.asText()));
    String argument = arguments.values().get("IP");
    if (argument != null) {
      texts.addAll(List.of(argument.split(",", -1)));
    }
    Set<IpAddress> addresses = new LinkedHashSet<>();
    for (String text : texts) {
      int slash = text.indexOf('/');
      try {
        addresses.add(IpAddress.parse(slash < 0 ? text : text.substring(0, slash)));
      } catch (IllegalArgumentException e) {
        throw new CniException(
            CniErrorCode.INVALID_CONFIG, "the requested address \"" + text + "\" is invalid", e);
      }
    }
    return List.copyOf(addresses);
  }

  /**
   * What the runtime asks for with an attachment beside its addresses.
   *
   * @throws CniException INVALID_CONFIG for a value that cannot be one, UNSUPPORTED_FIELD for what
   *     this network cannot be
   */
  public AttachmentOptions options(CniArguments arguments) throws CniException {
    return new OptionsReader(json).read(arguments);
  }

  /**
   * The attachments that GC must leave alone.
   *
   * @throws CniException INVALID_CONFIG without a list: to take that as an empty one would detach
   *     every pod
   */
  Set<AttachmentKey> validAttachments() throws CniException {
    JsonNode list = json.path("cni.dev/valid-attachments");
    list = list.isArray() ? list : json.path("cni.dev/attachments");
    if (!list.isArray()) {
      throw new CniException(
          CniErrorCode.INVALID_CONFIG,
          "GC needs a list under \"cni.dev/valid-attachments\" in the network configuration");
    }
    Set<AttachmentKey> keys = new HashSet<>();
    for (JsonNode entry : list) {
      String containerId = entry.path("containerID").asText();
      String interfaceName = entry.path("ifname").asText();
      if (containerId.isEmpty() || interfaceName.isEmpty()) {
        throw new CniException(
            CniErrorCode.INVALID_CONFIG,
            "\"cni.dev/valid-attachments\" holds " + entry + ", without a containerID or ifname");
      }
      keys.add(new AttachmentKey(name(), containerId, interfaceName));
    }
    return keys;
  }
}
