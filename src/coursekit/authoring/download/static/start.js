// What the kernel's worker is given as Pyodide's script: it starts Pyodide with all that a lab needs.
//
// Left to itself the kernel installs its packages one after the other. And Python looks for each module beside the
// notebook first, where every look is a question to the page, which has its hands full then.
self.loadPyodide = async ({ indexURL, pyodide, loaded, ...options }) => {
  // Addresses are taken from where this script lies.
  const address = (place) => new URL(place, indexURL).href;
  const python = address(pyodide);
  importScripts(`${python}pyodide.js`);
  const lock = await (await fetch(`${python}pyodide-lock.json`)).json();
  // Matplotlib never looks for time zones. Pandas does, and asks for them itself.
  const { matplotlib } = lock.packages;
  matplotlib.depends = matplotlib.depends.filter((name) => name !== "pytz");
  const started = await self.loadPyodide({
    ...options,
    indexURL: python,
    lockFileURL: URL.createObjectURL(new Blob([JSON.stringify(lock)], { type: "application/json" })),
    packages: loaded.map((name) => (name.endsWith(".whl") ? address(name) : name)),
  });
  started.runPython("import sys; sys.path.remove(''); sys.path.append('')");
  return started;
};
