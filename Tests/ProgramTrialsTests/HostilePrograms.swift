import Testing

/// Programs that are no students' programs: each wants something that no program on trial may have.
enum HostilePrograms {
  struct Program: CustomTestStringConvertible, Sendable {
    var name: String
    var file = "client.py"
    var text: String
    var testDescription: String { name }

    init(_ name: String, _ text: String) { (self.name, self.text) = (name, text) }
    init(_ name: String, shell text: String) {
      (self.name, self.text, file) = (name, "#!/bin/sh\n\(text)\n", "client")
    }
  }
  private static let connected =
    "import socket,sys,os,time\ns=socket.create_connection((sys.argv[1],int(sys.argv[2])))\n"

  static let all: [Program] = processes + memory + output + network + secrets + others + attacks

  private static let processes: [Program] = [
    Program("forks without end", "import os\nwhile True:\n  try: os.fork()\n  except OSError: pass\n"),
    Program("forks without end, in a shell", shell: ":(){ : | : & }; : ; while true; do : | : & done"),
    Program(
      "starts threads without end",
      "import threading,time\nwhile True:\n  try: threading.Thread(target=time.sleep,args=(99,)).start()\n  except RuntimeError: pass\n"
    ),
    Program(
      "forks, and each child forks and sleeps",
      "import os,time\nfor i in range(20):\n  try: os.fork()\n  except OSError: break\ntime.sleep(60)\n"),
    Program(
      "ignores every signal",
      "import signal,time\nfor n in range(1,65):\n  try: signal.signal(n,signal.SIG_IGN)\n  except (OSError,ValueError): pass\ntime.sleep(60)\n"
    ),
    Program(
      "becomes a daemon",
      "import os,time\nif os.fork()==0:\n  os.setsid()\n  if os.fork()==0:\n    for i in range(3): os.close(i)\n    time.sleep(60)\n  os._exit(0)\n"
    ),
    Program(
      "leaves a daemon that holds the output", "import os,time\nif os.fork()==0:\n  os.setsid(); time.sleep(60)\n"),
    Program("kills its parent", "import os,time\nos.kill(os.getppid(),9)\ntime.sleep(60)\n"),
    Program("kills everybody", "import os\nos.kill(-1,9)\n"),
    Program("kills the first process", "import os,time\nfor n in (9,15,19): os.kill(1,n)\ntime.sleep(60)\n"),
    Program("stops itself", "import os\nos.kill(os.getpid(),19)\n"),
    Program("stops its process group", "import os\nos.killpg(0,19)\n"),
    Program("computes without end", "while True: pass\n"),
    Program(
      "computes without end, in many processes",
      "import os\nfor i in range(12): os.fork() if i<3 else None\nwhile True: pass\n"),
    Program(
      "connects back late",
      "import os,socket,sys,time\nif os.fork()==0:\n  os.setsid()\n  time.sleep(1)\n  socket.create_connection((sys.argv[1],int(sys.argv[2]))).sendall(b'late')\n  os._exit(0)\n"
    ),
  ]
  private static let memory: [Program] = [
    Program("takes memory without end", "x=[]\nwhile True: x.append(bytearray(10**7))\n"),
    Program(
      "takes memory in many processes",
      "import os,time\nfor i in range(4): os.fork()\nx=bytearray(b'1')*(200*10**6)\ntime.sleep(60)\n"),
    Program("fills /tmp", "f=open('/tmp/x','wb')\nwhile True: f.write(b'x'*10**6)\n"),
    Program("fills its folder with files", "i=0\nwhile True:\n  i+=1\n  open('f%d'%i,'wb').write(b'x'*10**6)\n"),
    Program("fills /dev/shm", "i=0\nwhile True:\n  i+=1\n  open('/dev/shm/f%d'%i,'wb').write(b'x'*10**6)\n"),
    Program("makes empty files without end", "i=0\nwhile i<200000:\n  i+=1\n  open('/tmp/f%d'%i,'w').close()\n"),
    Program("makes one huge file", "f=open('huge','wb')\nf.truncate(10**12)\nf.seek(10**12)\nf.write(b'x')\n"),
    Program(
      "takes memory that has no name",
      "import os\nfor i in range(50):\n  f=os.memfd_create('x')\n  os.write(f,b'x'*8*10**6)\n"),
    Program("makes folders in folders", "import os\nwhile True:\n  os.mkdir('d'); os.chdir('d')\n"),
    Program("opens files without end", "x=[]\nwhile True: x.append(open('/dev/null'))\n"),
  ]
  private static let output: [Program] = [
    Program("prints without end", "while True: print('x'*10**5)\n"),
    Program("complains without end", "import sys\nwhile True: sys.stderr.write('x'*10**5)\n"),
    Program("prints without end, in a shell", shell: "yes & yes >&2 & wait"),
    Program(
      "prints what steers a terminal",
      "print('\\x1b]0;pwned\\x07\\x1b[2J\\u202e<script>alert(1)</script>')\nraise SystemExit('\\x1b[31mred')\n"),
    Program("prints one line without an end", "import sys\nsys.stdout.write('x'*3*10**6)\n"),
  ]
  private static let network: [Program] = [
    Program("goes to the network outside", "import socket\nsocket.create_connection(('203.0.113.9',80),5)\n"),
    Program("goes to the network outside by IPv6", "import socket\nsocket.create_connection(('2001:db8::1',80),5)\n"),
    Program("asks the name service", "import socket\nprint(socket.gethostbyname('www.example.com'))\n"),
    Program(
      "sends datagrams outside",
      "import socket\ns=socket.socket(socket.AF_INET,socket.SOCK_DGRAM)\nfor i in range(100): s.sendto(b'x'*1000,('203.0.113.9',53))\n"
    ),
    Program("opens a raw socket", "import socket\nsocket.socket(socket.AF_PACKET,socket.SOCK_RAW,socket.htons(3))\n"),
    Program(
      "opens connections without end",
      "import socket,sys\nx=[]\nwhile True: x.append(socket.create_connection((sys.argv[1],int(sys.argv[2]))))\n"),
    Program(
      "opens and closes connections without end",
      "import socket,sys\nwhile True: socket.create_connection((sys.argv[1],int(sys.argv[2]))).close()\n"),
    Program("sends without end", connected + "while True: s.sendall(b'NOOP\\r\\n'*10000)\n"),
    Program("sends one line without an end", connected + "while True: s.sendall(b'x'*10**5)\n"),
    Program("sends an octet now and then", connected + "while True:\n  s.sendall(b'x'); time.sleep(0.5)\n"),
    Program(
      "floods the network with datagrams",
      connected
        + "u=socket.socket(socket.AF_INET,socket.SOCK_DGRAM)\nwhile True: u.sendto(b'x'*60000,('127.0.0.1',9))\n"),
    Program(
      "breaks off at once",
      connected + "import struct\ns.setsockopt(socket.SOL_SOCKET,socket.SO_LINGER,struct.pack('ii',1,0))\ns.close()\n"),
    Program(
      "takes the ports of the lab",
      "import socket\nx=[]\nfor p in range(1024,1100):\n  s=socket.socket(); s.bind(('127.0.0.1',p)); s.listen(); x.append(s)\n"
    ),
  ]
  private static let secrets: [Program] = [
    Program(
      "looks for other submissions",
      "import os\nfor top in ('/','/work','/home','/root','/tmp','/var','/srv','/opt','/mnt'):\n  for d,ds,fs in os.walk(top):\n    if d.startswith(('/proc','/usr','/sys')): continue\n    for f in fs:\n      try: print(d,f,open(os.path.join(d,f),errors='replace').read(2000))\n      except OSError: pass\n"
    ),
    Program(
      "reads what belongs to others",
      "import os\nfor p in ('/etc/shadow','/root/.ssh/id_rsa','/root','/proc/1/environ','/proc/1/root/etc/shadow','/proc/self/mountinfo'):\n  try: print(p,open(p).read())\n  except OSError as e: print(p,e)\n"
    ),
    Program(
      "looks at all processes",
      "import glob\nfor p in glob.glob('/proc/[0-9]*/cmdline')+glob.glob('/proc/[0-9]*/environ'):\n  try: print(p,open(p,'rb').read())\n  except OSError: pass\n"
    ),
    Program(
      "uses open files of ours",
      "import os\nfor n in range(3,200):\n  try: os.write(n,b'{\"id\":\"plain\"}\\n'); print('wrote to',n)\n  except OSError: pass\n"
    ),
    Program(
      "writes outside its folder",
      "import os\nfor p in ('/usr/bin/x','/etc/x','/x','/var/x','/dev/x','/proc/sys/kernel/core_pattern','/home/x'):\n  try: open(p,'w').write('x'); print('wrote',p)\n  except OSError as e: print(p,e)\n"
    ),
    Program(
      "follows links to the outside",
      "import os\nfor t in ('/etc/passwd','/proc/1/root','/usr/bin/env'):\n  n='l'+str(abs(hash(t)))\n  os.symlink(t,n)\n  try: open(n,'a').write('x'); print('wrote',t)\n  except OSError as e: print(e)\n"
    ),
    Program(
      "makes devices and pipes",
      "import os,stat\nos.mkfifo('p')\ntry: os.mknod('d',0o600|stat.S_IFBLK,os.makedev(8,0)); print('made')\nexcept OSError as e: print(e)\nopen('p').read()\n"
    ),
    Program(
      "wants to be root",
      "import os\nfor f in (lambda: os.setuid(0),lambda: os.chroot('/tmp'),lambda: os.setgroups([0])):\n  try: f(); print('done')\n  except OSError as e: print(e)\n"
    ),
    Program(
      "makes namespaces of its own",
      shell:
        "unshare -Urnm sh -c 'echo inside; mount -t tmpfs x /tmp && echo mounted'; nsenter -t 1 -a echo entered; bwrap --bind / / echo wrapped"
    ),
    Program(
      "looks into other processes",
      "import ctypes\nc=ctypes.CDLL(None,use_errno=True)\nprint(c.ptrace(16,1,0,0),ctypes.get_errno())\nprint(open('/proc/1/mem','rb').read(1))\n"
    ),
  ]
  private static let others: [Program] = [
    Program("ends at once", "pass\n"),
    Program("is no Python", "this is no program\n"),
    Program("is no program at all", shell: ""),
    Program("crashes", "import ctypes\nctypes.string_at(0)\n"),
    Program(
      "removes its own files",
      "import os\nfor f in os.listdir('.'): os.unlink(f)\nos.chdir('/'); os.rmdir('/home/student')\n"),
    Program("waits for its input", "import sys\nsys.stdin.read(); sys.stdin.read()\nimport time; time.sleep(60)\n"),
    Program("sends what is no text", connected + "s.sendall(bytes(range(256))*100); s.recv(100)\n"),
    Program("goes on for ever with recv", connected + "while True: s.recv(100)\n"),
    Program(
      "calls itself without end", "import os,sys\nos.execv(sys.executable,[sys.executable,'client.py']+sys.argv[1:])\n"),
    Program(
      "pretends to be the sandbox",
      "import sys\nsys.stderr.write('bwrap: setting up uid map: Permission denied\\n')\nraise SystemExit(1)\n"),
    Program("pretends to be a result", "print('{\"id\":\"plain\",\"fault\":\"the lab is broken\",\"programs\":[]}')\n"),
  ]
  /// What an attacker tries who has read how the sandbox is made.
  private static let attacks: [Program] = [
    Program(
      "looks for sockets without a place",
      "import socket\nfor line in open('/proc/net/unix').read().split('\\n')[1:] if __import__('os').path.exists('/proc/net/unix') else []:\n  name=line.split(' ')[-1]\n  if name.startswith('@'):\n    s=socket.socket(socket.AF_UNIX)\n    try: s.connect('\\0'+name[1:]); print('entered',name)\n    except OSError: pass\n"
    ),
    Program(
      "looks into the helper",
      "import os\nfor n in range(1,3000):\n  for f in ('environ','mem','fd/0','root/etc/shadow','cwd'):\n    p='/proc/%d/%s'%(n,f)\n    try:\n      if n not in (1,2,3,os.getpid(),os.getppid()) and os.path.exists(p): print('inside',p,open(p,'rb').read(20))\n    except OSError: pass\n"
    ),
    Program(
      "types into the terminal",
      "import fcntl,termios,os\nfor n in (0,1,2):\n  try: fcntl.ioctl(n,termios.TIOCSTI,b'x'); print('done')\n  except OSError as e: print(e)\ntry: os.open('/dev/tty',os.O_RDWR); print('inside')\nexcept OSError as e: print(e)\n"
    ),
    Program(
      "clones itself into a user namespace",
      "import ctypes,platform\nc=ctypes.CDLL(None,use_errno=True)\nnumber=56 if platform.machine()=='x86_64' else 220\npid=c.syscall(number,0x10000000|17,0,0,0,0)\nprint('inside' if pid>=0 else ctypes.get_errno())\nprint('entered' if c.unshare(0x10000000)==0 else ctypes.get_errno())\n"
    ),
    Program(
      "opens raw sockets of the network",
      "import socket\nfor f,k,p in ((2,3,255),(2,3,6),(10,3,58),(17,3,3),(16,3,0)):\n  try: s=socket.socket(f,k,p); s.bind(('lo',0)) if f==17 else None; print('wrote to' if f!=16 else '',f)\n  except OSError as e: print(e)\n"
    ),
    Program(
      "changes the addresses and the routes",
      shell:
        "ip link set lo down && echo done; ip addr add 10.0.0.1/8 dev lo && echo done; ip route flush table local && echo done"
    ),
    Program(
      "speaks from the port of the peer",
      "import socket,sys\nport=int(sys.argv[2])\nfor host in ('127.0.0.1','0.0.0.0','127.0.0.2'):\n  s=socket.socket()\n  s.setsockopt(socket.SOL_SOCKET,socket.SO_REUSEADDR,1)\n  s.setsockopt(socket.SOL_SOCKET,socket.SO_REUSEPORT,1)\n  try:\n    s.bind((host,port)); s.connect(('127.0.0.1',port)); s.sendall(b'220 me\\r\\n')\n  except OSError as e: print(e)\n"
    ),
    Program(
      "talks to itself in place of the server",
      "import socket,sys,threading\nl=socket.socket(); l.bind(('127.0.0.3',0)); l.listen()\ndef serve():\n  c,_=l.accept()\n  for t in (b'220 hi\\r\\n',b'250 hi\\r\\n',b'221 bye\\r\\n'): c.sendall(t); c.recv(99)\nthreading.Thread(target=serve,daemon=True).start()\ns=socket.create_connection(l.getsockname())\nfor t in (b'HELO me\\r\\n',b'QUIT\\r\\n'): s.recv(99); s.sendall(t)\n"
    ),
    Program(
      "uses the loopback of IPv6",
      "import socket,sys\nfor h in ('::1','::ffff:127.0.0.1'):\n  try: s=socket.create_connection((h,int(sys.argv[2])),2); s.sendall(b'x'); s.close()\n  except OSError as e: print(e)\n"
    ),
    Program(
      "tries every port",
      "import socket\nfor p in range(1,65536):\n  s=socket.socket()\n  s.connect_ex(('127.0.0.1',p)); s.close()\n"),
    Program(
      "says that the capture ends",
      connected
        + "u=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); u.bind(('127.0.0.1',0))\nfor i in range(50): u.sendto(b'mailwire ends'+bytes(16),u.getsockname())\ns.sendall(b'HELO me\\r\\n')\n"
    ),
    Program("sends empty lines without end", connected + "while True: s.sendall(b'\\n'*65536)\n"),
    Program(
      "sends a message of empty lines without end",
      connected
        + "s.sendall(b'HELO a\\r\\nMAIL FROM:<a@a.example>\\r\\nRCPT TO:<b@b.example>\\r\\nDATA\\r\\n')\nwhile True: s.sendall(b'\\n'*65536)\n"
    ),
    Program("sends gigabytes and never reads", connected + "d=b'x'*(1<<20)\nwhile True: s.sendall(d)\n"),
    Program("shuts its side and stays", connected + "s.shutdown(1)\ntime.sleep(60)\n"),
    Program(
      "leaves zombies without end",
      "import os,time\nwhile True:\n  try:\n    if os.fork()==0: os._exit(0)\n  except OSError: time.sleep(0.01)\n"),
    Program(
      "stops all that it has started",
      "import os,time\nfor i in range(10):\n  if os.fork()==0:\n    os.kill(os.getpid(),19)\ntime.sleep(60)\n"),
    Program(
      "makes holes in files",
      "for i in range(100):\n  f=open('/tmp/h%d'%i,'wb'); f.truncate(8<<20)\n  f=open('h%d'%i,'wb'); f.seek((8<<20)-1); f.write(b'x')\n"
    ),
    Program(
      "fills the pipes and waits",
      "import os,time\nfor n in (1,2):\n  os.set_blocking(n,False)\n  try:\n    for i in range(1000): os.write(n,b'x'*4096)\n  except OSError: pass\ntime.sleep(60)\n"
    ),
    Program(
      "makes the pipes larger",
      "import fcntl\nfor n in (1,2):\n  try: print(fcntl.fcntl(n,1031,1<<30))\n  except OSError as e: print(e)\n"),
    Program(
      "raises its limits",
      "import resource\nfor n in range(16):\n  try: resource.setrlimit(n,(resource.RLIM_INFINITY,resource.RLIM_INFINITY))\n  except (OSError,ValueError): continue\nx=[]\nwhile True: x.append(bytearray(10**7))\n"
    ),
    Program(
      "locks its memory and takes the processor",
      "import ctypes,os\nc=ctypes.CDLL(None)\nprint(c.mlockall(3))\ntry: os.nice(-20); print('done')\nexcept OSError as e: print(e)\ntry: os.sched_setscheduler(0,os.SCHED_FIFO,os.sched_param(99)); print('done')\nexcept OSError as e: print(e)\n"
    ),
    Program(
      "replaces what starts it",
      "import os\nfor n in ('.start.py','client.py'):\n  open(n,'w').write('print(1)')\nos.execv('/usr/bin/python3',['python3','.start.py'])\n"
    ),
  ]
}
