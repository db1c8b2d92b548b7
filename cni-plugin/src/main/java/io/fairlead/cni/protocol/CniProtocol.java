package io.fairlead.cni.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.cni.wire.CniRequest;
import io.fairlead.cni.wire.CniResponse;
import io.fairlead.dataplane.model.IpAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Turns a request into a call of one verb and its outcome into what the runtime reads: a result or
 * an error object on stdout, and an exit code. Stateless.
 */
public final class CniProtocol {

  /** The version of error objects as long as the configuration's is unknown. */
  private static final CniVersion FALLBACK = CniVersion.V1_0_0;

  private CniProtocol() {}

  /**
   * Answers {@code request} with {@code verbs}. Never throws a {@link CniException}: it answers it.
   */
  public static CniResponse answer(CniRequest request, CniVerbs verbs) {
    try {
      CniCommand command = CniCommand.parse(request.environment().getOrDefault("CNI_COMMAND", ""));
      if (command == CniCommand.VERSION) {
        return success(versions(request.stdin()));
      }
      NetworkConfig config = NetworkConfig.parse(request.stdin());
      CniVersion version = config.version();
      if (!command.existsIn(version)) {
        throw new CniException(
            CniErrorCode.INCOMPATIBLE_VERSION,
            command
                + " exists since CNI "
                + command.since().text()
                + ", and the network configuration says cniVersion "
                + version.text());
      }
      return answer(CniEnvironment.parse(request.environment()), config, verbs);
    } catch (CniException e) {
      return failure(request, e);
    }
  }

  private static CniResponse answer(
      CniEnvironment environment, NetworkConfig config, CniVerbs verbs) throws CniException {
    CniCall call =
        new CniCall(
            new AttachmentKey(
                config.name(), environment.containerId(), environment.interfaceName()),
            environment,
            config);
    switch (environment.command()) {
      case ADD -> {
        CniResult previous = config.previousResult(); // before anything is done that it could undo
        CniResult result = verbs.add(call);
        return success(
            ResultJson.write(previous == null ? result : result.after(previous), config.version()));
      }
      case DEL -> verbs.delete(call);
      case CHECK -> {
        CniResult previous = config.previousResult();
        if (previous == null) {
          throw new CniException(
              CniErrorCode.INVALID_CONFIG, "CHECK needs \"prevResult\" in the configuration");
        }
        verbs.check(call, previous);
      }
      case STATUS -> verbs.status(config);
      case GC -> verbs.collectGarbage(config.name(), config.validAttachments());
      case VERSION -> throw new IllegalStateException("VERSION needs no configuration");
    }
    return CniResponse.of(0, "");
  }

  /**
   * Answers without a verb: {@code exception} as an error object in the version of {@code request}.
   */
  public static CniResponse failure(CniRequest request, CniException exception) {
    try {
      return failure(exception, NetworkConfig.parse(request.stdin()).version());
    } catch (CniException e) {
      return failure(exception, FALLBACK);
    }
  }

  /** Removes one attachment with these addresses. */
  public interface TakingBack {
    void takeBack(AttachmentKey key, List<IpAddress> addresses) throws CniException;
  }

  /**
   * Has what an ADD attached removed again.
   *
   * @param response of that ADD, which succeeded
   */
  public static void takeBack(CniRequest request, CniResponse response, TakingBack taking) {
    try {
      CniEnvironment environment = CniEnvironment.parse(request.environment());
      CniResult result = ResultReader.read(NetworkConfig.JSON.readTree(response.stdout()));
      taking.takeBack(
          new AttachmentKey(
              NetworkConfig.parse(request.stdin()).name(),
              environment.containerId(),
              environment.interfaceName()),
          result.addresses().stream().map(CniResult.Address::address).toList());
    } catch (CniException | IOException e) {
      throw new IllegalStateException("an ADD that succeeded can be taken back", e);
    }
  }

  private static ObjectNode versions(byte[] stdin) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("cniVersion", requestedVersion(stdin));
    CniVersion.texts().forEach(json.withArray("supportedVersions")::add);
    return json;
  }

  /** VERSION is how a runtime finds out what it may ask, so it echoes whatever it is given. */
  private static String requestedVersion(byte[] stdin) {
    try {
      JsonNode version = NetworkConfig.JSON.readTree(stdin).path("cniVersion");
      return version.asText().isEmpty() ? CniVersion.V1_1_0.text() : version.asText();
    } catch (IOException e) {
      return CniVersion.V1_1_0.text();
    }
  }

  private static CniResponse failure(CniException exception, CniVersion version) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("cniVersion", version.text());
    json.put("code", exception.code().number());
    json.put("msg", exception.sentence());
    if (!exception.details().isEmpty()) {
      json.put("details", exception.details());
    }
    return new CniResponse(1, bytes(json), new byte[0]);
  }

  private static CniResponse success(ObjectNode json) {
    return new CniResponse(0, bytes(json), new byte[0]);
  }

  private static byte[] bytes(ObjectNode json) {
    try {
      byte[] bytes = NetworkConfig.JSON.writeValueAsBytes(json);
      byte[] line = Arrays.copyOf(bytes, bytes.length + 1);
      line[bytes.length] = '\n';
      return line;
    } catch (JsonProcessingException e) {
      // A tree of text and numbers always has a JSON form.
      return e.toString().getBytes(StandardCharsets.UTF_8);
    }
  }
}
