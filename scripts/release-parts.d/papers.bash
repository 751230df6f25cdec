# shellcheck shell=bash
# What package managers and auditors read.

try_papers() {
    venv "$cache" "$here/requirements.txt"
    local readers=$cache/venv/bin/python
    if one '*.cdx.json'; then step 'SBOM: CycloneDX takes it, and it names what is in the program' "$readers" "$here/papers.py" sbom "$file"; fi
    if one winget; then step 'winget: three files of one package, with the sums of the installers' "$readers" "$here/papers.py" winget "$dist"; fi
    if one 'certkit-cli.*.nupkg'; then step 'Chocolatey: a package with the sum of the installer' "$readers" "$here/papers.py" chocolatey "$dist"; fi
    if one 'certkit-cli.rb'; then step 'Homebrew: the sums are those of the archives' "$readers" "$here/papers.py" homebrew "$dist"; fi
    if one '*-notes.md'; then step 'notes: they say something' test "$(wc -l <"$file")" -gt 5; fi
}
