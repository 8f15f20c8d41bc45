/* ladder.csv, of the latest plan, which is to be one of experiments/ladder.yaml. */
SELECT upper(json_extract(v.axes, '$.quantization')) AS format,
  json_extract(a.description, '$.parameters') AS parameters,
  printf('%.4f', v.effective_bpw) AS bits_per_weight,
  printf('%.2f', json_extract(a.description, '$.tensorBytes') / 1e6) AS weights_mb,
  v.model_bytes AS file_bytes,
  printf('%.4f', v.perplexity) AS perplexity,
  printf('%.4f', json_extract(v.metrics, '$.perplexity.error')) AS perplexity_error
FROM v_trial v JOIN trial t ON t.id = v.trial_id JOIN cell c ON c.id = t.cell JOIN artifact a ON a.digest = c.artifact
WHERE v.plan_id = (SELECT id FROM plan ORDER BY created_at_ms DESC LIMIT 1) AND v.status = 'ok' AND v.unused IS NULL
ORDER BY v.effective_bpw DESC
