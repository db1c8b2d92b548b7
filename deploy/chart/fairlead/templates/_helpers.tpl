{{/* One agent serves a node, so there is one release in a cluster, and its objects have one name. */}}
{{- define "fairlead.name" -}}fairlead{{- end -}}

{{- define "fairlead.selector" -}}
app.kubernetes.io/name: fairlead
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "fairlead.labels" -}}
{{ include "fairlead.selector" . }}
app.kubernetes.io/component: node-agent
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{- end -}}

{{- define "fairlead.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{/* The profile belongs to the image, so its name does: an upgrade never changes what another version's pod names. */}}
{{- define "fairlead.seccompName" -}}
fairlead-{{ .Values.image.digest | default .Values.image.tag | default .Chart.AppVersion | replace ":" "-" }}.json
{{- end -}}

{{/* The agent's configuration as a JSON object: what is given and not empty, and what belongs to the chart's mounts. */}}
{{- define "fairlead.config" -}}
{{- $config := dict -}}
{{- range $key, $value := .Values.config -}}
{{- if not (or (kindIs "invalid" $value) (and (kindIs "string" $value) (eq $value "")) (and (kindIs "slice" $value) (not $value))) -}}
{{- $_ := set $config $key $value -}}
{{- end -}}
{{- end -}}
{{- $_ := set $config "cni-conf-dir" .Values.paths.cniConf -}}
{{- if .Values.cni.conflist -}}
{{- $_ := set $config "cni-conf" "/etc/fairlead/cni.conflist" -}}
{{- end -}}
{{- $_ := set $config "state-dir" .Values.paths.state -}}
{{- $_ := set $config "cni-socket" (printf "%s/cni.sock" .Values.paths.run) -}}
{{- $_ := set $config "admin-socket" (printf "%s/admin.sock" .Values.paths.run) -}}
{{- $_ := set $config "sysctl-dir" "/host/proc/sys" -}}
{{- $config | toJson -}}
{{- end -}}

{{/* What changes when the agent must be restarted for its configuration; it follows these three keys by itself. */}}
{{- define "fairlead.restartChecksum" -}}
{{- omit (include "fairlead.config" . | fromJson) "overlay" "proxy-mode" "log-level" | toJson | sha256sum -}}
{{- end -}}

{{- define "fairlead.metricsPort" -}}
{{- index .Values.config "metrics-address" | regexFind "[0-9]+$" -}}
{{- end -}}

{{/* Where the kubelet, which shares the agent's network, finds the health endpoints. */}}
{{- define "fairlead.probeHost" -}}
{{- $host := index .Values.config "metrics-address" | regexFind "^.*:" | trimSuffix ":" | trimPrefix "[" | trimSuffix "]" -}}
{{- if eq $host "0.0.0.0" -}}127.0.0.1{{- else if eq $host "::" -}}::1{{- else -}}{{ $host }}{{- end -}}
{{- end -}}

{{/* Privileges go by iptables-variant alone, since proxy-mode may change while the agent runs. */}}
{{- define "fairlead.isLegacy" -}}
{{- if eq (index .Values.config "iptables-variant") "legacy" -}}true{{- end -}}
{{- end -}}

{{/* uid 0 without capabilities: the host's folders and the sockets belong to root. */}}
{{- define "fairlead.unprivileged" -}}
runAsUser: 0
runAsGroup: 0
runAsNonRoot: false
privileged: false
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
{{- end -}}
