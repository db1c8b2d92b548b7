package io.fairlead.cni.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.cni.attachment.AttachmentOptions;
import io.fairlead.cni.attachment.PortOptions;
import io.fairlead.dataplane.model.MacAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a network configuration asks for with an attachment, under the names that the reference
 * plugins bridge, portmap and bandwidth have for it. What would make another network of this one is
 * refused; what the agent does for all pods alike (isGateway, ipMasq, forceAddress...) is accepted
 * and changes nothing.
 */
final class OptionsReader {

  private final JsonNode json;

  OptionsReader(JsonNode json) {
    this.json = json;
  }

  AttachmentOptions read(CniArguments arguments) throws CniException {
    refuse("promiscMode", json.path("promiscMode").asBoolean());
    refuse("disableContainerInterface", json.path("disableContainerInterface").asBoolean());
    // The gateway and all routes of the pod network are outside of any VLAN.
    refuse("vlan", number("vlan") != 0);
    refuse("vlanTrunk", !json.path("vlanTrunk").isEmpty());
    return new AttachmentOptions(
        port(arguments), HostPortReader.read(json), BandwidthReader.read(json));
  }

  private void refuse(String key, boolean asked) throws CniException {
    if (asked) {
      throw new CniException(
          CniErrorCode.UNSUPPORTED_FIELD,
          "fairlead does not support \"" + key + "\": " + json.path(key) + "; remove it");
    }
  }

  private PortOptions port(CniArguments arguments) throws CniException {
    PortOptions usual = PortOptions.DEFAULT;
    try {
      return new PortOptions(
          number("mtu"),
          mac(arguments),
          flag("hairpinMode", usual.hairpin()),
          flag("portIsolation", usual.isolated()),
          flag("macspoofchk", usual.macSpoofCheck()),
          flag("isDefaultGateway", usual.defaultRoute()));
    } catch (IllegalArgumentException e) {
      throw new CniException(
          CniErrorCode.INVALID_CONFIG, "the network configuration: " + e.getMessage(), e);
    }
  }

  private int number(String key) throws CniException {
    JsonNode value = json.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return 0;
    }
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw wrong(key, value, "a whole number");
    }
    return value.intValue();
  }

  private boolean flag(String key, boolean usual) throws CniException {
    JsonNode value = json.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return usual;
    }
    if (!value.isBoolean()) {
      throw wrong(key, value, "true or false");
    }
    return value.booleanValue();
  }

  private static CniException wrong(String key, JsonNode value, String right) {
    return new CniException(
        CniErrorCode.INVALID_CONFIG, "\"" + key + "\" is " + value + ", which is not " + right);
  }

  /** By the "mac" capability or MAC in CNI_ARGS, or null. */
  private @Nullable MacAddress mac(CniArguments arguments) throws CniException {
    String text = json.path("runtimeConfig").path("mac").asText();
    text = text.isEmpty() ? arguments.values().getOrDefault("MAC", "") : text;
    if (text.isEmpty()) {
      return null;
    }
    MacAddress mac;
    try {
      mac = MacAddress.parse(text);
    } catch (IllegalArgumentException e) {
      throw new CniException(
          CniErrorCode.INVALID_CONFIG, "the requested MAC address \"" + text + "\" is invalid", e);
    }
    if (mac.bits() == 0 || (mac.bits() >>> 40 & 1) != 0) {
      throw new CniException(
          CniErrorCode.INVALID_CONFIG,
          "the requested MAC address \"" + text + "\" is not one that an interface can have");
    }
    return mac;
  }
}
