package io.fairlead.agent.kube;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fairlead.agent.config.YamlMessage;
import io.fairlead.dataplane.model.ObjectChange;
import io.fairlead.dataplane.model.ObjectChange.EndpointSliceChanged;
import io.fairlead.dataplane.model.ObjectChange.NamespaceChanged;
import io.fairlead.dataplane.model.ObjectChange.NetworkPolicyChanged;
import io.fairlead.dataplane.model.ObjectChange.NodeChanged;
import io.fairlead.dataplane.model.ObjectChange.PodChanged;
import io.fairlead.dataplane.model.ObjectChange.ServiceChanged;
import io.fairlead.dataplane.model.ObjectKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;

/**
 * Reads YAML (several documents in a file are fine) and JSON manifests of the kinds that fairlead
 * uses, also within a List, by the same projection that the API server's objects go through. Other
 * kinds are passed over, so that a folder may hold whole applications. Immutable, thread-safe.
 */
public final class ManifestReader {

  /**
   * Bytes of a file; far beyond any sensible manifest. A bound, so that a wrong file cannot exhaust
   * the memory.
   */
  public static final int LARGEST_FILE = 64 << 20;

  private final ObjectMapper yaml;
  private final ObjectMapper json;

  public ManifestReader() {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(LARGEST_FILE);
    this.yaml = mapper(YAMLFactory.builder().loaderOptions(options).build());
    this.json = mapper(new JsonFactory());
  }

  private static ObjectMapper mapper(JsonFactory factory) {
    return new ObjectMapper(factory)
        .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false)
        .configure(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, false);
  }

  /**
   * What a file holds.
   *
   * @throws ManifestException if it is not well-formed, perhaps because it is half written
   */
  public List<ManifestObject> read(String fileName, byte[] bytes) throws ManifestException {
    ObjectMapper mapper = fileName.endsWith(".json") ? json : yaml;
    List<ManifestObject> objects = new ArrayList<>();
    try (JsonParser parser =
        mapper.getFactory().createParser(new String(bytes, StandardCharsets.UTF_8))) {
      while (parser.nextToken() != null) {
        String place = fileName + ":" + parser.currentTokenLocation().getLineNr();
        JsonNode document = mapper.readTree(parser);
        add(place, document, objects);
      }
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      throw new ManifestException(
          fileName
              + (at == null ? "" : ":" + at.getLineNr() + ":" + at.getColumnNr())
              + " is not well-formed: "
              + YamlMessage.of(e)
              + ". Correct it");
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory cannot fail", e);
    }
    return objects;
  }

  private void add(String place, @Nullable JsonNode document, List<ManifestObject> objects)
      throws ManifestException {
    if (document == null
        || document.isNull()
        || document.isMissingNode()
        || (document.isTextual() && document.asText().isBlank())) {
      return;
    }
    if (!document.isObject()) {
      throw new ManifestException(
          place + " is not a Kubernetes object. Begin with apiVersion: and kind:");
    }
    String kind = document.path("kind").asText("");
    if (kind.endsWith("List") && document.path("items").isArray()) {
      for (JsonNode item : document.path("items")) {
        add(place, item, objects);
      }
      return;
    }
    switch (document.path("apiVersion").asText("") + "/" + kind) {
      case "v1/Service",
          "v1/Node",
          "v1/Pod",
          "v1/Namespace",
          "discovery.k8s.io/v1/EndpointSlice",
          "networking.k8s.io/v1/NetworkPolicy" ->
          objects.add(object(place, kind, document));
      case "/", "v1/" -> throw new ManifestException(place + " lacks apiVersion or kind. Add them");
      default -> {
        // Another kind of object, which is none of fairlead's business.
      }
    }
  }

  private ManifestObject object(String place, String kind, JsonNode document)
      throws ManifestException {
    String name = document.path("metadata").path("name").asText("");
    if (name.isEmpty()) {
      throw new ManifestException(place + " is a " + kind + " without metadata.name. Add it");
    }
    String namespace = document.path("metadata").path("namespace").asText("");
    ObjectKey key =
        kind.equals("Node") || kind.equals("Namespace")
            ? ObjectKey.cluster(name)
            : new ObjectKey(namespace.isEmpty() ? "default" : namespace, name);
    ManifestId id = new ManifestId(kind, key);
    try {
      Projected projected = project(kind, key, document);
      return new ManifestObject(id, place, projected.change(), projected.problems());
    } catch (JsonMappingException e) {
      return new ManifestObject(id, place, null, List.of(path(e) + reason(e)));
    } catch (JsonProcessingException | RuntimeException e) {
      return new ManifestObject(id, place, null, List.of("it cannot be read: " + e));
    }
  }

  private Projected project(String kind, ObjectKey key, JsonNode document)
      throws JsonProcessingException {
    return switch (kind) {
      case "Service" -> ServiceProjection.project(inNamespace(document, key, Service.class));
      case "EndpointSlice" ->
          EndpointSliceProjection.project(inNamespace(document, key, EndpointSlice.class));
      case "Pod" -> PodProjection.project(inNamespace(document, key, Pod.class));
      case "Namespace" -> NamespaceProjection.project(json.treeToValue(document, Namespace.class));
      case "NetworkPolicy" ->
          NetworkPolicyProjection.project(inNamespace(document, key, NetworkPolicy.class));
      default -> NodeProjection.project(json.treeToValue(document, Node.class));
    };
  }

  private <T extends HasMetadata> T inNamespace(JsonNode document, ObjectKey key, Class<T> type)
      throws JsonProcessingException {
    T object = json.treeToValue(document, type);
    object.getMetadata().setNamespace(key.namespace());
    return object;
  }

  private static String reason(JsonMappingException exception) {
    return exception instanceof InvalidFormatException format
        ? "\"" + format.getValue() + "\" is not a value of this field"
        : exception.getOriginalMessage();
  }

  private static String path(JsonMappingException exception) {
    String path =
        exception.getPath().stream()
            .map(at -> at.getFieldName() != null ? at.getFieldName() : "[" + at.getIndex() + "]")
            .collect(Collectors.joining("."))
            .replace(".[", "[");
    return path.isEmpty() ? "" : String.format(Locale.ROOT, "%s: ", path);
  }

  /** The change that says that the object is gone. */
  public static ObjectChange gone(ManifestId id) {
    return switch (id.kind()) {
      case "Service" -> new ServiceChanged(id.key(), null);
      case "EndpointSlice" -> new EndpointSliceChanged(id.key(), null);
      case "Pod" -> new PodChanged(id.key(), null);
      case "Namespace" -> new NamespaceChanged(id.key().name(), null);
      case "NetworkPolicy" -> new NetworkPolicyChanged(id.key(), null);
      default -> new NodeChanged(id.key().name(), null);
    };
  }

  /**
   * The change that says that the object is there, but was never readable: it is left out, except
   * for a policy, which shuts its namespace until it can be read.
   */
  public static ObjectChange unreadable(ManifestId id) {
    return id.kind().equals("NetworkPolicy")
        ? NetworkPolicyProjection.unreadable(id.key(), "it cannot be read").change()
        : gone(id);
  }
}
