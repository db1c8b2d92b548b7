package io.fairlead.bench.rules;

import io.fairlead.agent.kube.ManifestException;
import io.fairlead.agent.kube.ManifestObject;
import io.fairlead.agent.kube.ManifestReader;
import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.ObjectChange;
import io.fairlead.dataplane.model.ObjectChange.EndpointSliceChanged;
import io.fairlead.dataplane.model.ObjectChange.ServiceChanged;
import io.fairlead.dataplane.model.ServiceRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Objects as records, by the projection that the agent's sources use. Not thread-safe. */
public final class Records {

  private final ManifestReader reader = new ManifestReader();

  public ServiceRecord service(int service) throws IOException {
    return service(ObjectText.service(service).getBytes(StandardCharsets.UTF_8));
  }

  ServiceRecord service(byte[] json) throws IOException {
    if (read(json) instanceof ServiceChanged changed) {
      return Objects.requireNonNull(changed.service());
    }
    throw new IOException("the text of a Service was read as something else");
  }

  /** The slices of a Service, by their numbers. */
  public List<EndpointSliceRecord> slices(int service, List<String> addresses) throws IOException {
    List<EndpointSliceRecord> slices = new ArrayList<>();
    for (String text : ObjectText.slices(service, addresses)) {
      slices.add(slice(text.getBytes(StandardCharsets.UTF_8)));
    }
    return slices;
  }

  EndpointSliceRecord slice(byte[] json) throws IOException {
    if (read(json) instanceof EndpointSliceChanged changed) {
      return Objects.requireNonNull(changed.slice());
    }
    throw new IOException("the text of an EndpointSlice was read as something else");
  }

  private ObjectChange read(byte[] json) throws IOException {
    try {
      ManifestObject object = reader.read("bench.json", json).getFirst();
      return Objects.requireNonNull(object.change(), "a text of this benchmark is no object");
    } catch (ManifestException e) {
      throw new IOException("a text of this benchmark is not well-formed: " + e.getMessage(), e);
    }
  }
}
